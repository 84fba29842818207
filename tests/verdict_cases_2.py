"""A second set of sentences about known passages, written before the judge was read: faithful ones and planted changes.

Cases at even places were looked at when the judge was improved; those at odd places were held out (docs/quality.md has both figures).
A key such as `court+lease@0` shows two passages while the sentence names only the first.
"""

from __future__ import annotations

PASSAGES: dict[str, tuple[str, str]] = {
    "court": ("Harmon v Delgado.pdf", """In May 2016 Harmon Ltd sued Delgado Shipping for breach of contract. The High Court
dismissed the claim. Delgado was ordered to pay its own costs. The Court of Appeal upheld the decision by a majority of two to
one; Lord Justice Petrie dissented. An appellant must file the notice within 21 days. The judge may extend this period once."""),
    "lease": ("Lease flat 4.docx", """The tenant shall pay a monthly rent of £950 on the first day of each month. The deposit
equals six weeks' rent. The landlord must give at least 24 hours' notice before entering. Pets are permitted only with written
consent. The tenant may not sublet the flat. The lease ends on 31 August 2027 unless it is renewed."""),
    "dosing": ("Levoxine leaflet.pdf", """The starting dose is 25 µg once a day, taken before breakfast. Adults take at most
200 µg per day. Do not take Levoxine with iron tablets. Common side effects include sweating and palpitations. All patients
had a blood test after six weeks. In 4 % of patients the heart rate increased. Store the tablets below 25 °C."""),
    "vaccine": ("Trial V9.pdf", """The study enrolled 3,150 children aged 2 to 6 years. Two doses were given eight weeks
apart. Fever occurred in 7.5 % of the vaccinated group compared with 6.9 % of the control group. None of the children was
admitted to hospital. Protection lasted at least three years. The trial was funded by the Norwegian Research Council and led
by Dr Anna Solheim."""),
    "war": ("Siege of Marenburg.txt", """King Louis XIV sent General Armand Duret to Marenburg in the autumn of 1693. The
siege lasted eleven weeks. The garrison surrendered before the relief army arrived. About 2,000 soldiers died of disease. The
fortress was rebuilt in the 18th century by the engineer Pieter Vos. It failed to stop the invasion of 1794."""),
    "empire": ("Trade routes.epub", """Venice defeated Genoa at Chioggia in 1380. Merchants carried pepper from Alexandria to
Venice twice a year. The Senate banned private convoys in 1389. Neither Florence nor Pisa joined the league. Spices made up
roughly half of the cargo. The route lost its importance after 1498."""),
    "table": ("Harvest.csv", """Region: North; Crop: wheat; Yield: 7.2 t/ha; Area: 1,340 ha
Region: South; Crop: barley; Yield: 5.8 t/ha; Area: 920 ha
Region: East; Crop: maize; Yield: 9.1 t/ha; Area: 410 ha"""),
    "bearing": ("Pump P-301 manual.pdf", """The motor delivers 7.5 kW at 2,950 rpm. Tighten the flange bolts to 85 Nm. The
operating pressure ranges from 3 to 5 bar. The oil must be changed after 4,000 hours or once a year. Without a filter the pump
must never be started. The bearing temperature may reach 90 °C. The ambient temperature must not fall below -20 °C."""),
    "soup": ("Lentil soup.md", """Rinse 250 g of red lentils. Fry one onion and two cloves of garlic in olive oil for five
minutes. Add 1.2 litres of vegetable stock and simmer for 25 minutes. Season with cumin and lemon juice. The soup serves four
people. It keeps for three days in the fridge but should not be frozen."""),
    "cake": ("Almond cake.md", """Beat four eggs with 180 g of sugar until pale. Fold in 200 g of ground almonds. Bake at 170
°C for 40 minutes. Let the cake cool completely before cutting it. The recipe contains no flour."""),
    "bank": ("Annual report.pdf", """Northgate Bank earned a net profit of $412 million in 2023, compared with $388 million in
2022. Its cost-income ratio fell by 2.5 percentage points to 54 %. Total assets amounted to $61 billion. The dividend was
raised to $1.20 per share. Moody's lowered the outlook from stable to negative. Chief executive Claire Dubois will step down
in March 2025."""),
    "fund": ("Fund sheet.pdf", """The fund returned -3.4 % in the fourth quarter. Management fees are 0.65 % a year. The
minimum investment is 5,000 euros. Equities make up at least 60 % of the portfolio. The fund was launched in Luxembourg on 17
June 2010. It does not invest in tobacco."""),
    "schule": ("Schulordnung.pdf", """Der Unterricht beginnt um 7.50 Uhr. Die große Pause dauert 20 Minuten. Schülerinnen und
Schüler dürfen das Schulgelände während der Pausen nicht verlassen. Die Schulbücherei ist montags und donnerstags geöffnet.
Handys müssen ausgeschaltet bleiben. Die Ordnung wurde am 12. Februar 2019 von der Schulkonferenz beschlossen."""),
    "bau": ("Baubericht.docx", """Die neue Brücke über die Werra kostet 23,4 Millionen Euro. Die Firma Kessler begann im April
2021 mit den Arbeiten. Wegen des Hochwassers ruhte die Baustelle sechs Wochen. Die Brücke trägt höchstens 30 Tonnen. Ein
Radweg ist auf beiden Seiten vorgesehen. Die Eröffnung ist für Ende 2024 geplant."""),
    "klinik": ("Klinik.html", """Das Klinikum Lahnberg behandelte im vergangenen Jahr 18.700 Patienten stationär. Die Zahl der
Geburten sank um 6 Prozent. Chefärztin Dr. Maria Keil leitet die Abteilung seit 2015. Besuche sind täglich von 14 bis 19 Uhr
möglich. Alle Zimmer haben ein eigenes Bad."""),
    "comet": ("Comet notes.txt", """The comet was discovered on 3 November 1892 by Edwin Holmes in London. It orbits the Sun
once every 6.9 years. At its closest approach it is 2.1 astronomical units from the Sun. Its brightness increased by a factor
of half a million within 42 hours in October 2007. The nucleus is about 3.4 km across."""),
    "network": ("Router guide.md", """The router supports up to 64 clients on each band. The default address is 192.168.4.1.
The administrator must change the password at the first login. Firmware updates are installed automatically at 3:30 am on
Sundays. The guest network cannot reach the local network. Version 2.8 removed support for WEP."""),
    "whale": ("Whales.pdf", """Female bowhead whales are larger than males. A calf is born after 13 months. Bowheads can live
for more than 200 years. The population off Alaska recovered from 1,000 animals to some 16,800 in 2019. Unlike most whales,
they spend the whole year in Arctic waters. Killer whales are their only natural enemies."""),
    "rail": ("Timetable letter.eml", """Dear Mr Oyelaran, the 9:40 train to Leipzig will leave from platform 7 instead of
platform 12. It arrives two minutes later than before. From Monday, 6 March, no trains run between Halle and Bitterfeld.
Tickets bought before 1 February remain valid. Some seats have no power sockets."""),
    "soil": ("Soil survey.pdf", """Of the 36 samples, 29 contained lead above the limit of 70 mg/kg. The highest value, 310
mg/kg, came from plot C. Zinc was found in all samples. The pH ranged from 5.1 to 6.8. Sampling took place after the rain in
early June. The laboratory in Aarhus did not analyse mercury."""),
}

PLANTED: list[tuple[str, str, str]] = [
    ("roles", "court", "In May 2016 Delgado Shipping sued Harmon Ltd for breach of contract."),
    ("month", "court", "Harmon Ltd sued Delgado Shipping for breach of contract in March 2016."),
    ("organisation", "court", "The Supreme Court dismissed the claim."),
    ("opposite", "court", "The High Court allowed the claim."),
    ("opposite", "court", "The Court of Appeal overturned the decision by a majority of two to one."),
    ("number", "court", "An appellant must file the notice within 28 days."),
    ("modal", "court", "An appellant may file the notice within 21 days."),
    ("number word", "court", "The judge may extend this period twice."),
    ("currency", "lease", "The tenant shall pay a monthly rent of €950."),
    ("ordinal", "lease", "The rent is due on the third day of each month."),
    ("bound", "lease", "The landlord must give at most 24 hours' notice before entering."),
    ("negation", "lease", "The tenant may sublet the flat."),
    ("roles", "lease", "The tenant must give at least 24 hours' notice before entering."),
    ("without", "lease", "Pets are permitted without written consent."),
    ("date", "lease", "The lease ends on 30 August 2027 unless it is renewed."),
    ("unit", "dosing", "The starting dose is 25 mg once a day."),
    ("order", "dosing", "The starting dose is 25 µg once a day, taken after breakfast."),
    ("negation", "dosing", "Take Levoxine with iron tablets."),
    ("quantifier", "dosing", "Some patients had a blood test after six weeks."),
    ("direction", "dosing", "In 4 % of patients the heart rate decreased."),
    ("unit", "dosing", "Store the tablets below 25 °F."),
    ("bound", "dosing", "Adults take at least 200 µg per day."),
    ("range", "vaccine", "The study enrolled 3,150 children aged 2 to 9 years."),
    ("swapped", "vaccine", "Fever occurred in 6.9 % of the vaccinated group compared with 7.5 % of the control group."),
    ("quantifier", "vaccine", "Some of the children were admitted to hospital."),
    ("bound", "vaccine", "Protection lasted at most three years."),
    ("first name", "vaccine", "The trial was led by Dr Emma Solheim."),
    ("organisation", "vaccine", "The trial was funded by the Swedish Research Council."),
    ("roman", "war", "King Louis XVI sent General Armand Duret to Marenburg in the autumn of 1693."),
    ("season", "war", "General Armand Duret was sent to Marenburg in the spring of 1693."),
    ("order", "war", "The garrison surrendered after the relief army arrived."),
    ("century", "war", "The fortress was rebuilt in the 19th century by the engineer Pieter Vos."),
    ("failed", "war", "It stopped the invasion of 1794."),
    ("first name", "war", "The fortress was rebuilt by the engineer Jan Vos."),
    ("roles", "empire", "Genoa defeated Venice at Chioggia in 1380."),
    ("times", "empire", "Merchants carried pepper from Alexandria to Venice three times a year."),
    ("direction", "empire", "Merchants carried pepper from Venice to Alexandria twice a year."),
    ("neither", "empire", "Both Florence and Pisa joined the league."),
    ("fraction", "empire", "Spices made up roughly a third of the cargo."),
    ("order", "empire", "The route lost its importance before 1498."),
    ("row", "table", "The yield of wheat in the North was 5.8 t/ha."),
    ("row", "table", "Maize was grown on 920 ha in the East."),
    ("unit", "bearing", "The motor delivers 7.5 MW at 2,950 rpm."),
    ("range", "bearing", "The operating pressure ranges from 3 to 6 bar."),
    ("without", "bearing", "With a filter the pump must never be started."),
    ("sign", "bearing", "The ambient temperature must not fall below 20 °C."),
    ("negation", "bearing", "The pump may be started without a filter."),
    ("number", "soup", "Fry one onion and three cloves of garlic in olive oil for five minutes."),
    ("unit", "soup", "Rinse 250 kg of red lentils."),
    ("negation", "soup", "The soup keeps for three days in the fridge and should be frozen."),
    ("foreign", "soup+cake@0", "Bake at 170 °C for 40 minutes."),
    ("negation", "cake", "The recipe contains flour."),
    ("order", "cake", "Let the cake cool completely after cutting it."),
    ("scale", "bank", "Northgate Bank earned a net profit of $412 billion in 2023."),
    ("points", "bank", "Its cost-income ratio fell by 2.5 percent to 54 %."),
    ("swapped", "bank", "Moody's lowered the outlook from negative to stable."),
    ("direction", "bank", "The dividend was cut to $1.20 per share."),
    ("swapped", "bank", "Northgate Bank earned a net profit of $412 million in 2022, compared with $388 million in 2023."),
    ("loose one", "bank", "Total assets amounted to one."),
    ("sign", "fund", "The fund returned 3.4 % in the fourth quarter."),
    ("ordinal", "fund", "The fund returned -3.4 % in the third quarter."),
    ("place", "fund", "The fund was launched in Liechtenstein on 17 June 2010."),
    ("negation", "fund", "It invests in tobacco."),
    ("bound", "fund", "Equities make up at most 60 % of the portfolio."),
    ("time", "schule", "Der Unterricht beginnt um 8.50 Uhr."),
    ("negation", "schule", "Schülerinnen und Schüler dürfen das Schulgelände während der Pausen verlassen."),
    ("weekday", "schule", "Die Schulbücherei ist dienstags und donnerstags geöffnet."),
    ("scale", "bau", "Die neue Brücke über die Werra kostet 23,4 Milliarden Euro."),
    ("bound", "bau", "Die Brücke trägt mindestens 30 Tonnen."),
    ("name", "bau", "Die Firma Kessel begann im April 2021 mit den Arbeiten."),
    ("direction", "klinik", "Die Zahl der Geburten stieg um 6 Prozent."),
    ("quantifier", "klinik", "Kein Zimmer hat ein eigenes Bad."),
    ("number", "comet", "It orbits the Sun once every 9.6 years."),
    ("name", "comet", "The comet was discovered on 3 November 1892 by Erwin Holmes in London."),
    ("time", "network", "Firmware updates are installed automatically at 3:30 pm on Sundays."),
    ("modal", "network", "The guest network can reach the local network."),
    ("roles", "whale", "Male bowhead whales are larger than females."),
    ("only", "whale", "Killer whales are not their natural enemies."),
    ("weekday", "rail", "From Tuesday, 6 March, no trains run between Halle and Bitterfeld."),
    ("swapped", "rail", "The 9:40 train to Leipzig will leave from platform 12 instead of platform 7."),
    ("quantifier", "rail", "All seats have no power sockets."),
    ("number", "soil", "Of the 36 samples, 26 contained lead above the limit of 70 mg/kg."),
    ("order", "soil", "Sampling took place before the rain in early June."),
    ("foreign", "soil+table@0", "The yield of barley in the South was 5.8 t/ha."),
]

FAITHFUL: list[tuple[str, str]] = [
    ("court", "Harmon Ltd sued Delgado Shipping for breach of contract in May 2016."),
    ("court", "Delgado Shipping was sued by Harmon Ltd for breach of contract."),
    ("court", "The claim was dismissed by the High Court."),
    ("court", "By a majority of 2 to 1, the Court of Appeal upheld the decision."),
    ("court", "Lord Justice Petrie dissented."),
    ("court", "The notice must be filed within 21 days, but the judge may extend this period once."),
    ("lease", "The monthly rent is £950."),
    ("lease", "The rent of £950 must be paid on the 1st day of each month."),
    ("lease", "Subletting the flat is not permitted."),
    ("lease", "Before entering, the landlord must give at least 24 hours' notice."),
    ("lease", "Unless renewed, the lease ends on 31 August 2027."),
    ("lease", "Unless it is renewed, the lease ends on 2027-08-31."),
    ("dosing", "The starting dose is 25 micrograms once daily before breakfast."),
    ("dosing", "Adults should take no more than 200 µg a day."),
    ("dosing", "Levoxine must not be taken with iron tablets."),
    ("dosing", "Sweating and palpitations are common side effects."),
    ("dosing", "The heart rate increased in 4 percent of patients."),
    ("dosing", "After six weeks, every patient had a blood test."),
    ("vaccine", "3150 children between 2 and 6 years of age were enrolled in the study."),
    ("vaccine", "No child was admitted to hospital."),
    ("vaccine", "Two doses were given 8 weeks apart."),
    ("vaccine", "Fever occurred in 7.5% of vaccinated children and 6.9% of controls."),
    ("vaccine", "Dr Anna Solheim led the trial, which the Norwegian Research Council funded."),
    ("vaccine", "Protection lasted for at least 3 years."),
    ("war", "The siege of Marenburg lasted 11 weeks."),
    ("war", "In autumn 1693, Louis XIV sent General Armand Duret to Marenburg."),
    ("war", "Before the relief army arrived, the garrison surrendered."),
    ("war", "Pieter Vos rebuilt the fortress in the eighteenth century."),
    ("war", "About two thousand soldiers died of disease."),
    ("empire", "In 1380 Genoa was defeated by Venice at Chioggia."),
    ("empire", "Florence and Pisa did not join the league."),
    ("empire", "Private convoys were banned by the Senate in 1389."),
    ("empire", "Twice a year, merchants carried pepper from Alexandria to Venice."),
    ("empire", "Roughly 50 % of the cargo consisted of spices."),
    ("table", "Wheat in the North yielded 7.2 t/ha on an area of 1,340 ha."),
    ("table", "In the East, maize was grown on 410 ha."),
    ("bearing", "The flange bolts must be tightened to 85 Nm."),
    ("bearing", "The motor has a power of 7.5 kW at 2950 rpm."),
    ("bearing", "Operating pressure: 3–5 bar."),
    ("bearing", "Never start the pump without a filter."),
    ("bearing", "Change the oil once a year or after 4,000 hours."),
    ("bearing", "The bearing temperature can reach 90 °C."),
    ("soup", "The recipe needs 250 g of red lentils and 1.2 litres of vegetable stock."),
    ("soup", "Simmer the soup for 25 minutes."),
    ("soup", "It keeps for 3 days in the fridge."),
    ("soup", "The soup should not be frozen."),
    ("soup", "Fry an onion and 2 cloves of garlic in olive oil for 5 minutes."),
    ("cake", "The cake is baked at 170 degrees for 40 minutes."),
    ("cake", "Beat 4 eggs with 180 grams of sugar until pale."),
    ("cake", "The recipe is made without flour."),
    ("bank", "In 2023 Northgate Bank earned a net profit of 412 million dollars."),
    ("bank", "Net profit was $412 million in 2023 and $388 million in 2022."),
    ("bank", "The cost-income ratio fell by 2.5 percentage points to 54 percent."),
    ("bank", "Total assets were $61bn."),
    ("bank", "Moody's lowered the outlook to negative."),
    ("bank", "Claire Dubois will step down as chief executive in March 2025."),
    ("fund", "In the fourth quarter the fund returned −3.4 %."),
    ("fund", "The fund, launched in Luxembourg on June 17, 2010, does not invest in tobacco."),
    ("fund", "The minimum investment is €5,000."),
    ("fund", "At least 60 percent of the portfolio is made up of equities."),
    ("schule", "Um 7.50 Uhr beginnt der Unterricht."),
    ("schule", "Die Schulbücherei hat montags und donnerstags geöffnet."),
    ("schule", "Das Schulgelände darf während der Pausen nicht verlassen werden."),
    ("schule", "Am 12.02.2019 hat die Schulkonferenz die Ordnung beschlossen."),
    ("bau", "23,4 Mio. Euro kostet die neue Brücke über die Werra."),
    ("bau", "Im April 2021 begann die Firma Kessler mit den Arbeiten."),
    ("bau", "Die Baustelle ruhte wegen des Hochwassers 6 Wochen."),
    ("klinik", "Das Klinikum Lahnberg hat im vergangenen Jahr 18700 Patienten stationär behandelt."),
    ("klinik", "Besuche sind jeden Tag zwischen 14 und 19 Uhr möglich."),
    ("klinik", "Seit 2015 wird die Abteilung von Chefärztin Dr. Maria Keil geleitet."),
    ("comet", "Edwin Holmes discovered the comet in London on November 3, 1892."),
    ("comet", "The comet takes 6.9 years to orbit the Sun."),
    ("comet", "In October 2007 its brightness increased by a factor of 500,000 within 42 hours."),
    ("network", "Each band supports up to 64 clients."),
    ("network", "At the first login, the administrator must change the password."),
    ("network", "Support for WEP was removed in version 2.8."),
    ("whale", "Bowhead whales may live for over 200 years."),
    ("whale", "Male bowheads are smaller than females."),
    ("rail", "The train to Leipzig at 9:40 leaves from platform 7, not platform 12."),
    ("rail", "Tickets that were bought before 1 February remain valid."),
    ("soil", "29 of the 36 samples contained lead above the limit."),
    ("soil", "The highest value of 310 mg/kg came from plot C."),
    ("soil", "Mercury was not analysed by the laboratory in Aarhus."),
    ("soil", "All samples contained zinc."),
]
