"""Words too common to search by, per language (ISO 639-1), written as they read after case folding."""

from __future__ import annotations

STOP_WORDS: dict[str, frozenset[str]] = {
    language: frozenset(words.split())
    for language, words in {
        "en": """a about above after again against all am an and any are as at be because been before being below between both
            but by can cannot could did do does doing down during each few for from further had has have having he her here
            hers herself him himself his how i if in into is it its itself just me more most my myself no nor not now of off
            on once only or other our ours out over own same she should so some such than that the their theirs them
            themselves then there these they this those through to too under until up upon us very was we were what when
            where which while who whom whose why will with would you your yours don doesn didn isn aren wasn weren won t s
            ll ve re d m""",
        "de": """aber alle allem allen aller alles als also am an ander andere anderem anderen anderer anderes auch auf aus bei
            bin bis bist da dabei dadurch dafür damit dann darauf darum das dass dein deine dem den denn der des deshalb die
            dies diese dieser dieses doch dort du durch ein eine einem einen einer eines einige er es etwas euer für gegen
            gibt hat hatte hatten hier hin hinter ich ihm ihn ihnen ihr ihre im in indem ins ist ja jede jedem jeden jeder
            jedes jedoch kann kein keine können könnte man mehr mein meine mich mir mit muss müssen nach nicht nichts noch
            nun nur ob oder ohne sehr sein seine sich sie sind so solche soll sollte sondern sonst über um und uns unser
            unter viel vom von vor während war waren warum was weg weil weiter welche welcher welches wenn wer werde werden
            wie wieder will wir wird wo wurde wurden würde zu zum zur zwar zwischen""",
        "fr": """à afin ai ainsi alors après au aucun aussi autre autres aux avant avec avoir avait c ça car ce ceci cela celle
            celles celui ces cet cette ceux chaque chez ci comme comment d dans de depuis des donc dont du elle elles en
            encore entre es est et étaient était être eu fait furent fut hors il ils j je jusqu l la là laquelle le lequel
            les lesquels leur leurs lors lorsque lui m ma mais me même mes moi moins mon n ne ni non nos notre nous on ont
            ou où par parce pas pendant peu peut plus pour pourquoi près qu quand que quel quelle quelles quels qui quoi s
            sa sans se sera ses si son sont sous sur t ta tandis te tes toi ton tous tout toute toutes très tu un une vers
            voici voilà vos votre vous y""",
        "es": """a al algo algunas algunos ante antes aquel aquella aquellos así aun aunque bien cada como cómo con contra cual
            cuál cuales cuando cuándo de del desde donde dónde dos durante e el él ella ellas ellos en entre era eran es esa
            esas ese eso esos esta está están estaba este esto estos fue fueron ha había han hasta hay la las le les lo los
            más me mi mientras mis mucho muchos muy nada ni no nos nosotros nuestra nuestro o os otra otras otro otros para
            pero poco por porque que qué quien quién quienes se sea según ser si sí sido sin sobre son su sus también tan
            tanto te tiene tienen toda todas todo todos tras tu tus un una uno unos unas y ya yo""",
        "it": """a ad agli ai al alla alle allo anche ancora avere aveva c che chi ci come con contro cosa così cui d da dagli
            dai dal dalla dalle dallo degli dei del della delle dello dentro di dopo dove e è ed era erano essere fa fino
            fra fu gli ha hanno ho i il in io l la le lei li lo loro lui ma me mentre mi mia mio molto ne negli nei nel
            nella nelle nello no noi non nostra nostro o ogni oppure per perché perciò però più poco poi prima qual quale
            quali quando quanto quella quelle quelli quello questa queste questi questo qui s sarà se senza si sia sono
            sopra sotto sta stata stato su sua sue sugli sui sul sulla sulle suo suoi tra tu tutta tutte tutti tutto un una
            uno v vi voi""",
        "pt": """a à ao aos aquela aquelas aquele aqueles aquilo as às até cada com como da das de dela dele deles depois do dos
            e é ela elas ele eles em entre era eram essa essas esse esses esta está estão estas este estes eu foi foram há
            isso isto já lhe lhes mais mas me mesmo meu minha muito muitos na não nas nem no nos nós nossa nosso num numa o
            os ou outra outras outro outros para pela pelas pelo pelos por porque qual quais quando que quem quê são se sem
            ser será seu seus só sob sobre sua suas também te tem têm tinha toda todas todo todos tu tua um uma umas uns
            você vocês""",
        "nl": """aan al alle alles als altijd andere ben bij daar dan dat de der deze die dit doch doen door dus een eens en er
            ge geen geweest haar had hadden heb hebben heeft hem het hier hij hoe hun iemand iets ik in is ja je jij jullie
            kan kon kunnen maar me meer men met mij mijn moet na naar niet niets nog nu of om omdat ons onze ook op over
            reeds te tegen toch toen tot u uit uw van veel voor waar waarom wanneer want waren was wat welke werd werden
            wezen wie wil worden wordt ze zelf zich zij zijn zo zonder zou zullen""",
        "sv": """alla allt alltså att av bara bli blir blev då de dem den denna deras dess dessa det detta dig din dina du där
            efter ej eller en er ert ett från för ha hade han hans har hon honom hur här i icke in ingen inom inte jag ju
            kan kunde man med mellan men mer mig min mina mot mycket ni nu när någon något några och om oss på sedan sig sin
            sina ska skulle som så till under upp ut utan vad var vara varför vars vi vid vilka vilken vilket vår våra är
            över""",
        "da": """af alle alt anden at blev blive bliver da de dem den denne der deres det dette dig din disse dog du efter eller
            en end er et for fordi fra før ham han hans har havde hende hendes her hos hun hvad hvem hver hvilken hvis hvor
            hvordan hvorfor hvornår i ikke ind ingen intet jeg jer kan kun kunne man mange med meget mellem men mig min mod
            må ned nogle noget nu når og også om op os over på selv sig sin skal skulle som sådan til ud under vi vil ville
            vor var være været""",
        "no": """alle at av bare ble bli blir da de dem den denne der deres det dette disse du eller en er et etter for fordi fra
            før ha hadde han hans har hun hva hvem hver hvilken hvis hvor hvordan hvorfor i ikke inn jeg kan kunne man mange
            med meg mellom men mer min mot må noe noen nå når og også om opp oss over på seg selv sin skal skulle slik som
            så til ut uten var vi vil ville være vært vår""",
        "fi": """ei eivät emme en että ette he hän hänen ja joka jonka jos jossa jota joten kaikki kanssa kuin kuka kun me mikä
            miksi missä mitä mukaan mutta myös ne niin nyt olen oli olisi olivat olla on ovat se sekä sen siitä sitä tai
            tämä tämän vaan vain vaikka voi""",
        "pl": """a aby albo ale ani bardzo bez bo by być był była było były czy dla do gdy gdzie i ich ile im inny ja jak jako je
            jednak jego jej jest już każdy kiedy kto która które którego której który których ma mi może można na nad nam
            nas nie nim niż o od on ona oni oraz po pod przed przez przy są się tak także tam te tego tej ten to tu tylko
            tym w we wszystko z za ze że""",
        "ru": """а без более бы был была были было быть в вам вас ведь весь во вот все всего всех вы где да даже для до его ее ей
            ему если есть еще же за здесь и из или им их к как какая какие какой когда которая которого которой которые
            который ко кто ли либо между меня мне может мы на над надо нас не него нее нет ни них но ну о об однако он она
            они оно от очень по под при с со так также такой там те тем то того тоже той только том ты у уже чем что чтобы
            чего чья эта эти это этого этой этом этот я""",
        "uk": """а або але без був була були було бути в вас ви все від він вона вони воно де для до є же з за і із її їх його й
            коли котрий ми на над не ні о під по при про та так також такий там те ти то того тому у хто це цей ця ці чи що
            щоб як який яка які я""",
        "ro": """a ai al ale am ar are asta au ca că când care ce cel cele cu cum da dar de deci din dintre după e ea ei el ele
            este eu fi fie fost în între îl își la le lor lui mai ne nici nu o ori pe pentru prin sa să sau se și sînt sunt
            său te toate tot un una unde unei unui""",
        "tr": """acaba ama ancak bazı belki ben bir biri bu bunu çok çünkü da daha de değil diye en gibi hem hep hiç için ile ise
            kadar ki kim mi mu nasıl ne neden o olan olarak oldu onlar onu sonra şey şu tüm ve veya ya yani""",
        "cs": """a aby ale ani ano by byl byla byli bylo být co což do i já jak jako je jeho její jejich jen ještě již jsem jsme
            jsou k kde kdo když která které který ma mezi mi mít na nad ne nebo není než o od on ona oni po pod podle pro
            proto před při s se si tak také tam tato ten tento to toho tohoto tuto ty u v ve však za ze že""",
        "hu": """a abban ahhoz aki akik ami amely amelyek az azok azt be csak de e ebben egy egyik el én és ez ezek ezt fel ha
            hanem hogy is itt ki kell le lehet lesz maga már még meg mert mi mint minden most ne nem ő pedig s sem szerint
            több úgy vagy van volt""",
        "el": """αλλά αν αντί από αυτή αυτό αυτός για δε δεν εάν είναι ενώ εγώ εμείς η θα και κατά κι με μετά μη μην μια μόνο να
            ο οι όπως όταν ότι παρά που προς πως σε στη στην στο στον τα τη την της τι το τον του τους των ως""",
        "id": """ada adalah agar akan antara apa atau bagi bahwa belum bisa dalam dan dapat dari dengan di dia hanya ini itu jika
            juga kami karena ke kepada kita lebih mereka oleh pada para saat saja sangat saya sebagai secara seperti sudah
            tanpa telah tetapi tidak untuk yaitu yang""",
    }.items()
}
for _alias in ("nb", "nn"):
    STOP_WORDS[_alias] = STOP_WORDS["no"]
