"""Sentences about known passages: faithful ones, and the same kind of sentence with one planted change.

Every third case is held out: it was not looked at while `domain/verifying` was being written.
"""

from __future__ import annotations

PASSAGES: dict[str, tuple[str, str]] = {
    "pump": ("Heat pumps in old houses.pdf", """The field study followed 118 houses over two winters. The seasonal performance
factor of the air-source systems was 3.1 on average, while ground-source systems reached 4.0. Flow temperatures above 55 °C
were needed in only 9 houses. No house needed its radiators replaced throughout. The study was led by Marek Miara at the
Fraunhofer Institute in Freiburg. Electricity use fell by 12 percent after the controls had been corrected."""),
    "museum": ("museum-history.docx", """The town museum opened on 14 March 1921 in a former grain store. Its first director,
Helene Varga, collected more than 4,200 objects before she retired in 1948. A fire in 1953 destroyed the east wing, but the
coin collection was saved. Entrance has been free since 2009. The museum is closed on Mondays."""),
    "trial": ("Trial report 7.pdf", """In this randomised trial, 642 patients received either 20 mg of the study drug or
placebo once daily for 24 weeks. Systolic blood pressure fell by 8.4 mmHg in the treatment group and by 2.1 mmHg in the
placebo group. Headache was reported by 31 patients taking the drug. The drug did not change heart rate. Three patients
withdrew because of dizziness. The results may not apply to people over 80 years of age."""),
    "licence": ("limits.md", """A free account may store up to 5 GB and make 1,000 requests per hour. Paid accounts have no
request limit. Files larger than 250 MB are rejected. Deleted files are kept for 30 days before they are removed permanently.
Passwords must have at least 12 characters. Backups are made every 6 hours and stored in Dublin and Frankfurt."""),
    "energie": ("Energiebericht 2022.pdf", """Im Jahr 2022 verbrauchte die Stadt 1.250 Gigawattstunden Strom. Der Anteil der
erneuerbaren Energien stieg von 38,5 Prozent auf 44 Prozent. Das Wasserkraftwerk an der Salm wurde am 3. Oktober 2022 nach
zweijähriger Sanierung wieder in Betrieb genommen. Die Fernwärme versorgt 16.400 Haushalte. Ein Ausbau der Windkraft ist nicht
geplant. Die Stadtwerke beschäftigen 312 Menschen."""),
    "life": ("biography.epub", """Ada Lindqvist was born in Uppsala in 1888, the third of five children. She studied chemistry
in Zurich, where she met the physicist Otto Brandt. They married in 1914 but separated six years later. Lindqvist published 47
papers on glass and never accepted a professorship. In 1931 she received the Berzelius Medal. She died in Gothenburg on 2 May
1967."""),
    "bridge": ("bridge-datasheet.pdf", """The Orra Bridge is 1.4 kilometres long and 27 metres wide. It carries four lanes of
traffic and a cycle path. Its two pylons rise 132 m above the water. Construction began in April 2003 and cost 310 million
euros. The bridge was designed by Lucía Ferrer. Lorries heavier than 40 tonnes are not allowed to cross. About 38,000 vehicles
use it every day."""),
    "minutes": ("Minutes 12 June.docx", """Present: Kim, Osei, Tanaka and Weber. Kim reported that the new depot will open in
September 2025. Osei asked for a second quote for the roof. The board approved a budget of $85,000 for training. The proposal
to close the Leeds office was rejected by five votes to two. Tanaka will send the revised schedule by Friday. The next meeting
is on 10 July at 2:30 pm."""),
    "contract": ("supply contract.pdf", """The supplier shall deliver 600 units per month. Delivery takes place within 14 days
of the order. Payment is due 30 days after receipt of the invoice. Either party may terminate this contract with three months'
notice. The warranty lasts two years and does not cover damage caused by improper storage. Late deliveries incur a penalty of
0.5 % per week, at most 5 % of the order value."""),
    "results": ("Q3 results.xlsx", """Revenue rose to 48.2 million euros in the third quarter, up from 45.9 million a year
earlier. Operating profit fell to 3.7 million euros. The company opened stores in Lyon and Ghent and closed one in Bremen.
Online orders made up 27 % of sales. Net debt was lower than in the second quarter. The forecast for the full year remains
unchanged."""),
    "climate": ("climate-note.html", """Between 1961 and 1990 the valley had an average annual temperature of 7.9 °C. In the
period from 1991 to 2020 it was 9.2 °C. Annual rainfall stayed almost constant at 840 mm. The number of frost days decreased
from 118 to 89. Glaciers in the upper valley lost half of their area. The driest year on record was 2018."""),
    "satzung": ("Vereinssatzung.odt", """Der Verein wurde am 9. November 1974 in Kassel gegründet. Der Mitgliedsbeitrag
beträgt 60 Euro im Jahr. Mitglieder unter 18 Jahren zahlen keinen Beitrag. Der Vorstand besteht aus fünf Personen und wird
alle drei Jahre gewählt. Die Kündigung muss schriftlich erfolgen. Vorsitzende ist Frau Dr. Ines Albrecht. Hunde sind auf dem
Gelände nicht erlaubt."""),
    "manual": ("coffee machine.pdf", """Fill the tank with at most 1.8 litres of cold water. Do not use distilled water.
Descale the machine every three months or after 200 cups. The pump works at 15 bar. Wait ten minutes before you open the lid.
The device switches itself off after 30 minutes without use. Model B7 has a grinder; model B5 has none."""),
    "biology": ("bats.txt", """Greater mouse-eared bats weigh between 28 and 40 g and have a wingspan of up to 43 cm. They
hunt ground beetles in open woodland. Females give birth to a single pup in June. The oldest ringed animal lived for 25 years.
The species hibernates in caves where the temperature stays above 3 °C. Unlike horseshoe bats, they do not wrap their wings
around the body."""),
    "space": ("probe log.csv", """The probe was launched on 5 August 2011 from Cape Canaveral and entered orbit on 4 July
2016. It passes within 4,200 km of the cloud tops every 53 days. Three solar panels, each nine metres long, deliver 450 watts.
The camera was built by Malin Space Science Systems. Its orbit was never lowered to 14 days because of a valve problem."""),
    "law": ("regulation 2019-88.pdf", """Operators must report an incident within 72 hours. The report is submitted to the
national authority and not to the ministry. Fines may reach 2 % of annual turnover. Small firms with fewer than 50 employees
are exempt. The regulation entered into force on 1 January 2020. Article 7 applies only to drinking water."""),
    "mail": ("Re_ delivery.eml", """Hello Priya, the container left Rotterdam on Tuesday and should reach Mombasa on 21
November. It holds 1,150 boxes instead of 1,200. The missing boxes will follow by air. Customs papers are with Daniel Mwangi.
Please do not pay the second invoice before the boxes arrive. Regards, Sophie"""),
    "paper": ("soil paper.pdf", """We sampled soil at 36 sites in southern Portugal. Organic carbon was higher under cork oak
than under euca- lyptus. Clay con- tent explained 61% of the variance (p < 0.01). Sampling depth had no effect. Compost was
applied at 15 t/ha in autumn. Yields increased by a third in the second year."""),
    "harbour": ("harbour guide.md", """The old lighthouse was built in 1867 and automated in 1981. It stands 41 metres tall.
Captain Ruth Ellery commanded the lifeboat for nineteen years and rescued 212 people. The harbour is dredged twice a year.
Fishing from the north pier is prohibited. The fish market opens at 5 am except on Sundays."""),
    "school": ("school letter.pdf", """The school has 540 pupils in 22 classes. Lessons start at 8:15. Ms Okafor teaches
physics and Mr Lund teaches music. Two thirds of the pupils come by bus. The canteen serves a vegetarian dish every day.
Mobile phones are forbidden during lessons. The summer concert takes place on 23 June in the gym."""),
}

FAITHFUL: list[tuple[str, str]] = [
    ("pump", "The field study followed 118 houses over two winters."),
    ("pump", "Ground-source systems reached a seasonal performance factor of 4.0."),
    ("pump", "Only 9 houses needed flow temperatures above 55 °C."),
    ("pump", "Electricity use fell by 12% after the controls had been corrected."),
    ("pump", "Marek Miara led the study at the Fraunhofer Institute in Freiburg."),
    ("museum", "The town museum opened on March 14, 1921, in a former grain store."),
    ("museum", "Helene Varga, its first director, collected more than 4200 objects."),
    ("museum", "The coin collection was saved, although a fire in 1953 destroyed the east wing."),
    ("museum", "Since 2009, entrance has been free."),
    ("trial", "The trial included 642 patients who received 20 mg of the study drug or placebo for 24 weeks."),
    ("trial", "Systolic blood pressure fell by 8.4 mmHg in the treatment group."),
    ("trial", "The drug did not change heart rate."),
    ("trial", "3 patients withdrew because of dizziness."),
    ("trial", "Headache was reported by 31 patients, and three withdrew because of dizziness."),
    ("licence", "Free accounts may store up to 5 GB."),
    ("licence", "Deleted files are kept for thirty days before they are permanently removed."),
    ("licence", "Passwords must have at least twelve characters."),
    ("licence", "Backups are stored in Dublin and Frankfurt and made every six hours."),
    ("energie", "Im Jahr 2022 verbrauchte die Stadt 1250 GWh Strom."),
    ("energie", "Der Anteil der erneuerbaren Energien stieg von 38,5 % auf 44 %."),
    ("energie", "Am 03.10.2022 wurde das Wasserkraftwerk an der Salm wieder in Betrieb genommen."),
    ("energie", "Ein Ausbau der Windkraft ist nicht geplant."),
    ("energie", "Die Stadtwerke beschäftigen 312 Menschen, und die Fernwärme versorgt 16 400 Haushalte."),
    ("life", "Ada Lindqvist was born in Uppsala in 1888."),
    ("life", "Lindqvist published 47 papers on glass and never accepted a professorship."),
    ("life", "She received the Berzelius Medal in 1931."),
    ("life", "She died on 2 May 1967 in Gothenburg."),
    ("life", "They married in 1914 but separated 6 years later."),
    ("bridge", "The Orra Bridge is 1.4 km long and 27 m wide."),
    ("bridge", "Construction began in April 2003 and cost €310 million."),
    ("bridge", "Lucía Ferrer designed the bridge."),
    ("bridge", "About 38 000 vehicles use the bridge every day."),
    ("bridge", "Lorries heavier than 40 t are not allowed to cross."),
    ("minutes", "The board approved a budget of 85,000 dollars for training."),
    ("minutes", "The proposal to close the Leeds office was rejected by 5 votes to 2."),
    ("minutes", "The next meeting is on July 10 at 14:30."),
    ("minutes", "Kim reported that the new depot will open in September 2025."),
    ("contract", "Payment is due thirty days after receipt of the invoice."),
    ("contract", "The supplier shall deliver 600 units per month, within 14 days of the order."),
    ("contract", "The warranty lasts 2 years and does not cover damage caused by improper storage."),
    ("contract", "Late deliveries incur a penalty of 0.5% per week."),
    ("results", "In the third quarter, revenue rose to 48.2 million euros."),
    ("results", "Online orders made up 27 percent of sales."),
    ("results", "The company opened stores in Lyon and Ghent."),
    ("results", "Operating profit fell to €3.7 million."),
    ("climate", "The number of frost days decreased from 118 to 89."),
    ("climate", "Glaciers in the upper valley lost 50% of their area."),
    ("climate", "Annual rainfall stayed almost constant at 840 millimetres."),
    ("climate", "The driest year on record was 2018."),
    ("satzung", "Der Verein wurde am 9.11.1974 in Kassel gegründet."),
    ("satzung", "Der Mitgliedsbeitrag beträgt 60 € im Jahr."),
    ("satzung", "Mitglieder unter 18 Jahren zahlen keinen Beitrag."),
    ("satzung", "Der Vorstand besteht aus 5 Personen und wird alle drei Jahre gewählt."),
    ("manual", "Descale the machine every 3 months or after 200 cups."),
    ("manual", "Do not use distilled water."),
    ("manual", "The tank holds at most 1.8 l of cold water."),
    ("manual", "After 30 minutes without use the device switches itself off."),
    ("biology", "Greater mouse-eared bats weigh 28 to 40 grams."),
    ("biology", "The oldest ringed animal lived for twenty-five years."),
    ("biology", "They have a wingspan of up to 43 centimetres."),
    ("space", "The probe was launched from Cape Canaveral on 2011-08-05."),
    ("space", "It entered orbit on July 4th, 2016."),
    ("space", "Three solar panels deliver 450 W."),
    ("law", "Operators must report an incident within seventy-two hours."),
    ("law", "The regulation entered into force on January 1, 2020."),
    ("law", "Small firms with fewer than 50 employees are exempt."),
    ("mail", "The container left Rotterdam on Tuesday and should reach Mombasa on November 21."),
    ("mail", "It holds 1150 boxes instead of 1200."),
    ("paper", "Organic carbon was higher under cork oak than under eucalyptus."),
    ("paper", "Clay content explained 61 % of the variance (p < 0.01)."),
    ("paper", "Sampling depth had no effect."),
    ("harbour", "The old lighthouse was built in 1867 and is 41 m tall."),
    ("harbour", "Captain Ruth Ellery rescued 212 people."),
    ("harbour", "Fishing from the north pier is prohibited."),
    ("school", "The school has 540 pupils in 22 classes."),
    ("school", "Ms Okafor teaches physics."),
    ("school", "Mobile phones are forbidden during lessons."),
    ("school", "The summer concert takes place in the gym on June 23."),
]

PLANTED: list[tuple[str, str, str]] = [
    ("number", "pump", "The field study followed 181 houses over two winters."),
    ("number", "pump", "The seasonal performance factor of the air-source systems was 4.0 on average."),
    ("number", "pump", "Electricity use fell by 21 percent after the controls had been corrected."),
    ("number", "museum", "Helene Varga collected more than 42,000 objects before she retired in 1948."),
    ("number", "trial", "Systolic blood pressure fell by 2.1 mmHg in the treatment group."),
    ("number", "trial", "Four patients withdrew because of dizziness."),
    ("number", "licence", "Paid accounts may make 10,000 requests per hour."),
    ("number", "licence", "Deleted files are kept for 60 days before they are removed permanently."),
    ("number", "energie", "Im Jahr 2022 verbrauchte die Stadt 1,250 Gigawattstunden Strom."),
    ("number", "energie", "Die Fernwärme versorgt 14.600 Haushalte."),
    ("number", "bridge", "The Orra Bridge carries six lanes of traffic and a cycle path."),
    ("number", "minutes", "The proposal to close the Leeds office was rejected by six votes to two."),
    ("number", "contract", "Either party may terminate this contract with two months' notice."),
    ("number", "results", "Revenue rose to 45.9 million euros in the third quarter."),
    ("number", "climate", "The number of frost days decreased from 89 to 118."),
    ("number", "paper", "Yields increased by a quarter in the second year."),
    ("unit", "pump", "Flow temperatures above 55 °F were needed in only 9 houses."),
    ("unit", "trial", "Patients received 20 g of the study drug or placebo once daily for 24 weeks."),
    ("unit", "trial", "Patients received 20 mg of the study drug or placebo once daily for 24 months."),
    ("unit", "licence", "A free account may store up to 5 TB."),
    ("unit", "energie", "Im Jahr 2022 verbrauchte die Stadt 1.250 Megawattstunden Strom."),
    ("unit", "bridge", "The Orra Bridge is 1.4 miles long and 27 metres wide."),
    ("unit", "bridge", "Construction began in April 2003 and cost 310 million dollars."),
    ("unit", "contract", "Late deliveries incur a penalty of 0.5 % per day."),
    ("unit", "results", "Revenue rose to 48.2 billion euros in the third quarter."),
    ("unit", "manual", "The pump works at 15 psi."),
    ("unit", "biology", "They have a wingspan of up to 43 mm."),
    ("unit", "space", "Three solar panels, each nine feet long, deliver 450 watts."),
    ("unit", "law", "Operators must report an incident within 72 days."),
    ("unit", "satzung", "Der Mitgliedsbeitrag beträgt 60 Euro im Monat."),
    ("date", "museum", "The town museum opened on 14 May 1921 in a former grain store."),
    ("date", "museum", "Entrance has been free since 2019."),
    ("date", "museum", "The museum is closed on Sundays."),
    ("date", "energie", "Das Wasserkraftwerk an der Salm wurde am 13. Oktober 2022 wieder in Betrieb genommen."),
    ("date", "life", "Ada Lindqvist was born in Uppsala in 1898."),
    ("date", "life", "They married in 1931 but separated six years later."),
    ("date", "life", "She died in Gothenburg on 5 February 1967."),
    ("date", "minutes", "Kim reported that the new depot will open in September 2026."),
    ("date", "minutes", "The next meeting is on 10 June at 2:30 pm."),
    ("date", "space", "The probe was launched on 4 July 2016 from Cape Canaveral."),
    ("date", "law", "The regulation entered into force on 1 January 2019."),
    ("date", "mail", "The container left Rotterdam on Thursday."),
    ("date", "harbour", "The old lighthouse was built in 1981."),
    ("date", "satzung", "Der Verein wurde am 11. September 1974 in Kassel gegründet."),
    ("date", "school", "The summer concert takes place on 23 July in the gym."),
    ("name", "pump", "The study was led by Marek Muller at the Fraunhofer Institute in Freiburg."),
    ("name", "pump", "The study was led by Marek Miara at the Fraunhofer Institute in Munich."),
    ("name", "museum", "Its first director, Helena Kovacs, collected more than 4,200 objects."),
    ("name", "life", "Otto Brandt was born in Uppsala in 1888."),
    ("name", "life", "In 1931 she received the Nobel Medal."),
    ("name", "bridge", "The bridge was designed by Carlos Ferrer."),
    ("name", "minutes", "Osei reported that the new depot will open in September 2025."),
    ("name", "minutes", "The proposal to close the London office was rejected by five votes to two."),
    ("name", "results", "The company opened stores in Bremen and Ghent."),
    ("name", "licence", "Backups are made every 6 hours and stored in Dublin and Vienna."),
    ("name", "space", "The camera was built by Ball Aerospace Systems."),
    ("name", "mail", "Customs papers are with Sophie Mwangi."),
    ("name", "school", "Mr Lund teaches physics."),
    ("name", "satzung", "Vorsitzende ist Frau Dr. Ines Brecht."),
    ("name", "harbour", "Captain Ruth Emery commanded the lifeboat for nineteen years."),
    ("negation", "pump", "Every house needed its radiators replaced throughout."),
    ("negation", "trial", "The drug did change heart rate."),
    ("negation", "licence", "Paid accounts have a request limit."),
    ("negation", "energie", "Ein Ausbau der Windkraft ist geplant."),
    ("negation", "life", "Lindqvist published 47 papers on glass and accepted a professorship."),
    ("negation", "bridge", "Lorries heavier than 40 tonnes are allowed to cross."),
    ("negation", "contract", "The warranty lasts two years and covers damage caused by improper storage."),
    ("negation", "satzung", "Hunde sind auf dem Gelände erlaubt."),
    ("negation", "satzung", "Mitglieder unter 18 Jahren zahlen einen Beitrag."),
    ("negation", "manual", "Use distilled water."),
    ("negation", "biology", "Unlike horseshoe bats, they wrap their wings around the body."),
    ("negation", "law", "The report is submitted to the ministry and not to the national authority."),
    ("negation", "paper", "Sampling depth had an effect."),
    ("negation", "museum", "A fire in 1953 did not destroy the east wing."),
    ("negation", "school", "Mobile phones are not forbidden during lessons."),
    ("negation", "results", "Net debt was not lower than in the second quarter."),
    ("negation", "mail", "Please pay the second invoice before the boxes arrive."),
    ("source", "pump+trial", "According to the Trial report 7, the field study followed 118 houses over two winters."),
    ("source", "museum+life", "The biography says that the town museum opened on 14 March 1921 in a former grain store."),
    ("source", "bridge+results", "The Q3 results state that the Orra Bridge is 1.4 kilometres long."),
    ("source", "law+contract", "The supply contract says that operators must report an incident within 72 hours."),
    ("source", "space+mail", "Half of all comets in the outer belt are covered with frozen methane."),
    ("source", "manual+school", "Chess was first played at the court of the Gupta kings."),
    ("source", "energie+satzung", "Laut Vereinssatzung verbrauchte die Stadt im Jahr 2022 1.250 Gigawattstunden Strom."),
    ("source", "licence+law", "Under regulation 2019-88, deleted files are kept for 30 days before they are removed permanently."),
    ("source", "biology+paper", "The soil paper reports that the oldest ringed animal lived for 25 years."),
    ("source", "harbour+climate", "As the climate note says, the old lighthouse was built in 1867."),
]
