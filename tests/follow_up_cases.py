"""A small shelf of our own texts, and two-turn conversations about it. Everything in it is invented."""

from __future__ import annotations

SHELF = {
    "lumen.md": """# The Lumen desk lamp

The Lumen lamp was designed by Ada Brandt in 1931 for the railway offices in Graz. She wanted a light that clerks
could move with one finger.

The lamp weighs 2.4 kilograms. Its shade is made of spun brass and its arm of steel tube.

A new Lumen lamp costs 240 crowns. Used ones are sold for about half of that.

The lamp failed in America because its plug did not fit, and because the importer went bankrupt in 1936.""",
    "veloce.md": """# The Veloce bicycle

The Veloce is a folding bicycle built in Turin since 1978. The engineer Carlo Ferri drew its frame on a train journey.

It weighs 11.8 kilograms with mudguards. Folded, it fits under a seat.

The Veloce costs 1,150 euros. A version with a hub motor is 700 euros dearer.

The hub motor runs for 45 kilometres on one charge. Charging takes three hours.""",
    "acme.txt": """Acme Instruments, annual figures

In 2018 Acme Instruments had a revenue of 3.1 million euros and employed 42 people.

In 2019 the revenue of Acme Instruments rose to 3.9 million euros, and the staff grew to 47.

In 2020 revenue fell to 2.6 million euros because the Spanish factory stood still for four months.

The head office of Acme Instruments is in Rotterdam. Its chief executive since 2016 is Mirjam de Wit.""",
    "globex.txt": """Globex Optics, annual figures

In 2018 Globex Optics reached a revenue of 8.4 million euros with 95 employees.

In 2019 Globex Optics earned 7.7 million euros after it had sold its microscope branch.

Globex Optics has its head office in Aarhus. Jens Holm has led the company since 2011.""",
    "observatory.md": """# The Reiter observatory

The observatory on the Schlossberg was founded in 1871 by Johanna Reiter, who paid for it with her inheritance.

Johanna Reiter was born in Klagenfurt in 1838. She studied mathematics in Zurich, because Vienna did not admit women.

Reiter discovered two comets. The brighter one, seen in 1882, still carries her name.

The main telescope has a lens of 38 centimetres. It was ground in Munich by the firm of Steinheil.

Visitors are admitted on Friday evenings. A ticket costs 9 euros, and children pay nothing.""",
    "bridge.md": """# The Orra bridge

The Orra bridge crosses the river Tamm near the village of Selde. It is 312 metres long and carries a road and a tramway.

It was opened in 1904 by the queen. Building it had taken six years and cost the lives of nine workers.

The bridge was closed in 1987 after divers had found cracks in the second pier. Repairs lasted until 1990.

The architect of the bridge was Henrik Vaal, who also built the harbour hall.""",
    "bread.md": """# Rye bread

For a rye bread of one kilogram take 600 grams of rye flour, 420 grams of water and 12 grams of salt.

The sour dough must rest for twelve hours at room temperature. In a cold kitchen it needs up to sixteen.

Bake the rye loaf for fifty minutes at 230 degrees, the first ten with steam.

Rye bread keeps for a week in a clay pot. In plastic it moulds after three days.""",
    "cheese.md": """# Alpine cheese

Alpine cheese is made from raw milk between June and September. A wheel needs 400 litres of milk.

The wheels ripen for at least nine months in a cellar at twelve degrees. They are brushed with salt water twice a week.

A kilogram of alpine cheese is sold for 34 francs at the dairy.""",
    "tram.md": """# Tram line 7

Tram line 7 runs from the central station to the botanical garden. The ride takes 26 minutes.

The trams of line 7 leave every eight minutes on weekdays and every fifteen minutes on Sundays.

A single ticket for the tram costs 2.80 euros. A day ticket is 7 euros.

The first electric tram ran on this line in 1896. Before that, horses drew the cars.""",
    "whale.md": """# The grey whale

Grey whales migrate 18,000 kilometres a year, from the Bering Sea to the lagoons of Baja California and back.

They feed on small crustaceans which they filter out of the mud of the sea floor.

A grey whale calf is 4.5 metres long at birth. It drinks 190 litres of milk a day.

Hunting brought the grey whale close to extinction around 1900. It has been protected since 1946.""",
    "penguin.md": """# The king penguin

King penguins breed on the islands around Antarctica. The largest colony is on the Crozet islands.

They feed on lantern fish and squid and dive as deep as 300 metres.

A king penguin chick stays with its parents for eleven months. It is covered with brown down.""",
    "novel.md": """# The Salt Road

The Salt Road is a novel by Ines Maro, published in 1963. It tells of two sisters who smuggle salt across the mountains.

Ines Maro wrote the novel in prison. She had been arrested for printing leaflets.

The book was filmed in 1971 by Tomas Brill. The film won the prize of the critics in Locarno.

The Salt Road has been translated into nineteen languages. The English version by Ruth Pell appeared in 1966.""",
    "imker.md": """# Die Imkerei Sonnleitner

Die Imkerei Sonnleitner liegt im Ennstal und hält 140 Bienenvölker. Gegründet wurde sie 1952 von Franz Sonnleitner.

Ein Glas Waldhonig der Imkerei kostet 11 Euro. Blütenhonig ist zwei Euro billiger.

Im Jahr 2021 erntete die Imkerei 2.300 Kilogramm Honig. 2022 waren es wegen des kalten Frühlings nur 900 Kilogramm.""",
    "seilbahn.md": """# Die Seilbahn auf den Hohen Kogel

Die Seilbahn auf den Hohen Kogel wurde 1968 eröffnet. Sie ist 2.140 Meter lang und überwindet 780 Höhenmeter.

Eine Fahrt mit der Seilbahn dauert neun Minuten. Die Karte kostet 24 Euro.

Gebaut wurde die Seilbahn von der Firma Alpintechnik aus Linz. Die Kabinen fassen zwölf Personen.""",
}

# (first question, second question, words of the passage that answers the second)
FOLLOW_UPS = [
    ("Who designed the Lumen lamp?", "And what does it cost?", "costs 240 crowns"),
    ("Who designed the Lumen lamp?", "How much does it weigh?", "weighs 2.4 kilograms"),
    ("Who designed the Lumen lamp?", "And its price?", "costs 240 crowns"),
    ("What does the Lumen lamp cost?", "Who designed it?", "designed by Ada Brandt"),
    ("How much does the Lumen lamp weigh?", "What is it made of?", "spun brass"),
    ("When was the Lumen lamp designed?", "Why did it fail in America?", "plug did not fit"),
    ("How much does the Lumen lamp weigh?", "What about the Veloce?", "weighs 11.8 kilograms"),
    ("What is the Veloce?", "What does it cost?", "costs 1,150 euros"),
    ("What is the Veloce?", "And how heavy is it?", "weighs 11.8 kilograms"),
    ("What does the Veloce with a hub motor cost?", "How far does it go on one charge?", "45 kilometres"),
    ("Where is the Veloce built?", "Who drew its frame?", "Carlo Ferri"),
    ("How high was the revenue of Acme Instruments in 2018?", "And in 2019?", "rose to 3.9 million"),
    ("How high was the revenue of Acme Instruments in 2018?", "What about 2020?", "fell to 2.6 million"),
    ("How high was the revenue of Acme Instruments in 2019?", "What about Globex Optics?", "earned 7.7 million"),
    ("How high was the revenue of Globex Optics in 2018?", "And in 2019?", "earned 7.7 million"),
    ("How high was the revenue of Acme Instruments in 2020?", "Why did it fall?", "Spanish factory"),
    ("Where is the head office of Acme Instruments?", "Who is its chief executive?", "Mirjam de Wit"),
    ("Where is the head office of Acme Instruments?", "And that of Globex Optics?", "head office in Aarhus"),
    ("Where is the head office of Globex Optics?", "Who leads the company?", "Jens Holm"),
    ("Who founded the observatory on the Schlossberg?", "Where was she born?", "born in Klagenfurt"),
    ("Who founded the observatory on the Schlossberg?", "What did she study?", "studied mathematics"),
    ("Who founded the observatory on the Schlossberg?", "And when?", "founded in 1871"),
    ("When was the observatory founded?", "How big is its telescope?", "38 centimetres"),
    ("When is the observatory open to visitors?", "How much is a ticket there?", "costs 9 euros"),
    ("How many comets did Johanna Reiter discover?", "When was she born?", "Klagenfurt in 1838"),
    ("How long is the Orra bridge?", "When was it opened?", "opened in 1904"),
    ("How long is the Orra bridge?", "Who was its architect?", "Henrik Vaal"),
    ("Who was the architect of the Orra bridge?", "What else did he build?", "harbour hall"),
    ("When was the Orra bridge opened?", "Why was it closed?", "cracks in the second pier"),
    ("When was the Orra bridge closed?", "Until when?", "Repairs lasted until 1990"),
    ("How much flour does a rye bread need?", "How long must the dough rest?", "twelve hours"),
    ("How much flour does a rye bread need?", "And how long is it baked?", "fifty minutes"),
    ("How is rye bread baked?", "How long does it keep?", "keeps for a week"),
    ("How much milk does a wheel of alpine cheese need?", "How long does it ripen?", "nine months"),
    ("How long does alpine cheese ripen?", "And what does it cost?", "34 francs"),
    ("Where does tram line 7 run?", "How often does it leave?", "every eight minutes"),
    ("Where does tram line 7 run?", "And what does a ticket cost?", "costs 2.80 euros"),
    ("How often does tram line 7 leave on weekdays?", "And on Sundays?", "every fifteen minutes"),
    ("How far do grey whales migrate?", "What do they eat?", "small crustaceans"),
    ("What do grey whales feed on?", "How about king penguins?", "lantern fish"),
    ("Where do king penguins breed?", "How deep do they dive?", "300 metres"),
    ("How big is a grey whale calf at birth?", "How much milk does it drink?", "190 litres"),
    ("Who wrote The Salt Road?", "Where did she write it?", "in prison"),
    ("Who wrote The Salt Road?", "Was it filmed?", "filmed in 1971"),
    ("When was The Salt Road published?", "Into how many languages has it been translated?", "nineteen languages"),
    ("When was The Salt Road filmed?", "Which prize did that film win?", "prize of the critics"),
    ("Wann wurde die Imkerei Sonnleitner gegründet?", "Und von wem?", "Franz Sonnleitner"),
    ("Wann wurde die Imkerei Sonnleitner gegründet?", "Was kostet dort ein Glas Waldhonig?", "kostet 11 Euro"),
    ("Wie viel Honig erntete die Imkerei im Jahr 2021?", "Und 2022?", "nur 900 Kilogramm"),
    ("Wann wurde die Seilbahn auf den Hohen Kogel eröffnet?", "Wie lang ist sie?", "2.140 Meter"),
    ("Wann wurde die Seilbahn auf den Hohen Kogel eröffnet?", "Und was kostet eine Fahrt damit?", "kostet 24 Euro"),
    ("Wie lange dauert eine Fahrt mit der Seilbahn?", "Wer hat sie gebaut?", "Alpintechnik"),
]

# Second questions that stand by themselves, whatever was asked before.
UNRELATED = [
    ("Who designed the Lumen lamp?", "How long is the Orra bridge?"),
    ("Who designed the Lumen lamp?", "Which rivers does the Orra bridge cross?"),
    ("What does the Veloce cost?", "How far do grey whales migrate?"),
    ("How high was the revenue of Acme Instruments in 2018?", "How long must a sour dough rest?"),
    ("Who founded the observatory on the Schlossberg?", "How often does tram line 7 leave on Sundays?"),
    ("When was the Orra bridge opened?", "Who wrote The Salt Road?"),
    ("How much flour does a rye bread need?", "Where is the head office of Globex Optics?"),
    ("How long does alpine cheese ripen?", "Is it possible to visit the observatory on a Friday evening?"),
    ("Where does tram line 7 run?", "How long does it take to bake a rye bread?"),
    ("What do grey whales eat?", "When Ines Maro was in prison, what did she write?"),
    ("Where do king penguins breed?", "What evidence is there that divers found cracks in the bridge?"),
    ("Who wrote The Salt Road?", "How deep do king penguins dive before they return to the surface?"),
    ("How long is the Orra bridge?", "And who wrote The Salt Road?"),
    ("Who designed the Lumen lamp?", "Which company sold its microscope branch?"),
    ("When was The Salt Road filmed?", "What is the price of a day ticket for the tram?"),
    ("How heavy is the Veloce?", "Who ground the lens of the main telescope?"),
    ("How heavy is the Veloce?", "Does hunting still threaten the grey whale?"),
    ("Why was the Orra bridge closed?", "What happened to the revenue of Acme Instruments in 2020?"),
    ("Wann wurde die Seilbahn eröffnet?", "Wie viele Bienenvölker hält die Imkerei Sonnleitner?"),
    ("Was kostet ein Glas Waldhonig?", "Welche Firma hat die Seilbahn auf den Hohen Kogel gebaut?"),
    ("Was kostet ein Glas Waldhonig?", "Gibt es eine Seilbahn auf den Hohen Kogel?"),
    ("Who designed the Lumen lamp?", "What is this notebook about?"),
]
