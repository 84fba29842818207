"""The words in which people tell about themselves, and those in which they only talk about what lies before them."""

from __future__ import annotations

import re


def words(listed: str) -> str:
    """Return a pattern for any of the words of a list; `_` stands for a space, the rest is a regular expression."""
    return f"(?:{'|'.join(listed.split())})".replace("_", " ")


def one_of(listed: str) -> re.Pattern[str]:
    """Return a pattern that matches one of the words of a list at its place, as whole words."""
    return re.compile(words(listed) + r"(?![\w-])", re.IGNORECASE)


# --- what makes a sentence unreal, or about the chat ----------------------------------------------------------------

_SOFT = r"^\W*(?:(?:ok|okay|so|and|but|now|please|hi|hello)\W+)?"
UNREAL = re.compile(
    _SOFT + words("""
    if suppose supposing assum\\w+ pretend imagine let'?s_(?:say|assume) say_i what_if whether unless translate rewrite
    rephrase summari[sz]e correct paraphrase proofread quote wenn falls angenommen stell_dir""") + r"\b|\b" + words("""
    (?:if|unless|whether|though)_(?:i|we|my|our) if_only i_wish hypothetical\\w* for_example,?_i falls_ich wenn_ich""") + r"\b",
    re.IGNORECASE)
QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"|„[^“”]*[“”]|«[^»]*»|(?<!\w)['‘](?=\w).*?['’](?!\w)", re.DOTALL)
_SPEAKS = words("i we my our")
_ASKS = words("""
    please can could would_you do does did is are should what which how where when who why keep use give make skip explain
    write avoid spare show tell""")
CLAUSE = re.compile(
    rf"\s*(?:[;–—]|\s-\s|,? (?:so|and|but|also)(?:,| that)? (?=(?:{_ASKS}|{_SPEAKS}|you|this|that's|it|the|not)\b)"
    rf"|, (?=(?:{_ASKS}|{_SPEAKS}|then|now {_SPEAKS}|that's|because|since|you|he|she|it|they|isn't|aren't|right|thanks|so)\b)"
    rf"|\s(?=because {_SPEAKS}\b)|: (?={_SPEAKS}\b))\s*", re.IGNORECASE)
LEAD = re.compile(
    r"^(?:" + words("""
    hi hello hey well ok okay actually also and but so yes no sure thanks thank_you sorry fyi btw by_the_way
    honestly frankly in_fact unfortunately sadly luckily fortunately of_course besides anyway incidentally
    basically oh ah since because given_that seeing_that as_you_know just_so_(?:that_)?you_know
    for_(?:context|background|the_record|your_information|reference) to_be_(?:honest|clear|fair)
    the_thing_is(?:_that)? it_(?:may|might)_help_to_know(?:_that)?
    (?:please_|just_)?(?:remember|note|keep_in_mind|bear_in_mind|don't_forget|be_aware|know|take_into_account|consider)(?:_that|,|:)?
    (?:you_should|i_want_you_to|i'd_like_you_to)_(?:know|remember)(?:_that)? at_the_moment these_days nowadays
    lately currently now today as_of_\\w+
    (?:in|at|on|for|since|every|during|until|from|before|by|around|last|next|this|most|outside|apart_from|when_it_comes_to|as_for)_(?!case\\b)[^,]{2,40}(?:,|(?=_(?:i|we|my|our)\\b))""")
    + r"(?:[,:!.]+\s*|\s+|$))+(?=\S)", re.IGNORECASE)
HERE = re.compile(
    r"\b(?:the|this|that|these|those|your|his|her|its|their|a|another|which|any|some|no|one|more) (?:[\w-]+ ){0,2}?" + words("""
    tables? figures? rows? columns? paragraphs? sections? sentences? quotes? quotations? citations? answers? questions? pages?
    pdfs? documents? files? notebooks? sources? uploads? passages? footnotes? summar(?:y|ies) repl(?:y|ies) links? buttons?
    examples? definitions? clauses? articles? conclusions? graphs? charts? glossary explanations? ones? typos? mistakes?
    errors? results? words? terms? differences? chats? points? texts? lists? translations? versions?""") + r"\b|\b" + words("""
    table figure question article section page row column line paragraph clause source step point slide appendix
    chapter option""")
    + r" (?:[\dIVX]+|[A-D])\b|\bin here\b|\bhere\b(?! in)|\babove\b"
    r"|\b(?:it|this|that|them|these|those|so|too|there|anything|something|nothing|instead|again|yet|now)$"
    r"|\b(?:what|where|why|how) (?:it|that|this|the|they)\b|\byours?\b|\byou\b", re.IGNORECASE)
HEDGED = re.compile(r"\b" + words("""
    maybe perhaps possibly probably apparently presumably might could would_have seems? guess vielleicht
    wahrscheinlich""") + r"\b", re.IGNORECASE)
PASSING = re.compile(r"\b" + words("""
    today tonight tomorrow this_(?:week|weekend|month|morning|afternoon|evening) right_now at_the_moment for_now temporarily
    next_week until_(?:\\w+day|tomorrow|next_\\w+) heute morgen diese_woche""") + r"\b", re.IGNORECASE)
SAID_BY = re.compile(r"\b" + words("""
    says? said thinks? thought believes? claims? claimed argues? asks? asked tells? suggests? told wants_to_know""") + r"\b",
        re.IGNORECASE)

# --- I am, I was ------------------------------------------------------------------------------------------------------

_STILL = (r"(?:" + words("""
    strictly deeply very severely mildly slightly highly almost nearly partly legally newly recently happily now
    also currently already still completely originally practically fairly pretty really mostly mainly always
    usually often only""") + r" )*")
ROLE = re.compile(_STILL + words("""
    an?_(?!bit|little|fan_of_(?:this|that)|moment|step|loss|few|lot|minute|mess|idiot|fool|robot|genius)\\S
    the_(?:\\w+_){1,3}(?:of|for|at|in|on)\\b one_of_the_(?:\\w+_)?\\w+(?:ers|ors|ists)
    (?:head|director|chair|president|member|owner|founder|author|mother|father|student|professor|treasurer|secretary|captain|editor)\\b
    \\d{1,3}(?:_years_old)?(?:,|$) (?:\\w+[-_])?\\w+_years_old in_my_(?:early_|mid-?|late_)?\\w+ies"""))
NAMED = re.compile(r"(?:Dr\.? |Professor )?[A-Z]\w+(?: [A-Z]\w+)?(?:,|$| from)")
TRAIT = re.compile(_STILL + words("""
    [A-Z]\\w+(?:an|ese|ish|ian|im|ist|ic|ch|tch)\\b allerg\\w+ intoleran\\w+ vegetarian vegan pescatarian
    lactose gluten diabetic asthmatic epileptic dyslexic autistic bipolar anaemic deaf blind colou?r-?_?blind
    (?:short|near|far)-?sighted hard_of_hearing (?:left|right)-handed ambidextrous bilingual trilingual fluent
    religious married divorced engaged single widowed separated pregnant retired unemployed self-employed
    employed freelance disabled paraly\\w+ dependent insured responsible in_charge based from born raised
    trained qualified certified licensed registered enrolled speciali[sz]ed interested_in keen passionate
    (?:good|bad|terrible)_at (?:afraid|scared)_of prone sensitive addicted native adopted \\w+-\\w+_years
    on_(?:the_(?:\\w+_){0,3}(?:board|committee|council|team|panel|staff|faculty)|\\w+_leave|leave|medication|insulin|statins?|warfarin|dialysis|benefits)
    on_an?_(?:\\w+_)?(?:diet|sabbatical|scholarship|visa|pension|fellowship)
    in_(?:the_(?:army|navy|police|process_of|first|second|third|final|middle_of_(?:a|my))|therapy|remission|recovery|debt)
    in_a_(?:wheelchair|band|choir|relationship|care_home) at_(?:the_)?[A-Z] with_[A-Z]
    under_(?:treatment|contract) \\d{1,3}_(?:years|weeks|months) allowed_to"""))
BUSY = re.compile(_STILL + words("""
    writing working studying teaching learning training building developing researching living saving moving expecting
    recovering retiring running_(?:a|the|my|for) translating editing_(?:a|my) organi[sz]ing applying_for raising caring
    renovating leading managing doing_(?:a|my|an) finishing_my taking_(?:a_course|\\d|care|part) dating seeing_a
    starting_(?:a|as|my|at|in|university|school) leaving_my turning becoming supervising representing hosting launching
    preparing_(?:for|a|my|an) planning_(?:to|a|my|our) suing renting selling buying restoring breeding growing collecting
    curating directing designing conducting trying_to_(?:lose|quit|stop|get_pregnant|learn|eat|become|save)
    getting_(?:married|divorced) going_(?:to_(?:be|become|marry|move|retire|have_a)|blind|deaf|through_(?:a|my)) majoring
    commuting travell?ing volunteering helping_(?:my|out_at) looking_after homeschooling fostering adopting co-\\w+ing
    undergoing treating suffering_from nursing coaching practi[sc]ing serving""") + r"\b(?! (?:on (?:it|this|that|the|"
                                                                                    r"my last)\b|through|that\b|it\b|to you|"
                                                                                    r"down|the same|from memory))")
STATES = re.compile(words("""
    not_(?!an?_native|religious|married|allowed|able_to_(?:walk|eat|drink|drive|work|see|hear)) just_ too_ so_
    the_(?:one|first|second|same) a_(?:bit|little)_ a_fan_of_(?:this|that)
    interested_in_(?:the|this|that|both|all|any|what|which|only|your|\\w+s?_(?:only|first))\\b open_to inclined tempted"""))
WAS = re.compile(words("""born raised diagnosed married divorced promoted elected appointed hired fired laid_off awarded adopted
    brought_up made_redundant widowed admitted operated""") + r"\b")
WAS_ONCE = re.compile(r"(?:an?|the|in|on) .*\b" + words("""for_\\w+_years until from in_\\d{4} years? when_I before""") + r"\b")

# --- I do, I did ------------------------------------------------------------------------------------------------------

CHAT_VERBS = frozenset("""
    think mean see understand know agree disagree hope believe guess suppose assume wonder ask say tell hear find notice check
    try doubt feel remember forget expect add upload click open close wait thank appreciate apologise apologize repeat mention
    refer suggest propose recommend accept mind bet swear wish promise start begin continue finish skip correct admit confess
    imagine realise realize miss compare quote get decide conclude argue claim object insist gather figure spot scroll copy
    paste delete rename select tick search highlight download attach send show return mark note point reckon presume trust
    stop proceed request question reread summarise summarize skim browse fail confuse misread overlook infer shall let come go
    learn look review use read like""".split())
DOES = one_of("""
    have had live work teach study lecture play collect sing paint draw write read run lead manage direct head supervise own
    rent drive commute cycle swim hike climb travel speak eat drink smoke take prefer like love hate dislike enjoy avoid wear
    use suffer keep support volunteer coach breed raise grow sell cook bake knit sew build repair restore research edit
    translate report belong practi[sc]e serve chair train represent advise consult treat care babysit foster earn pay come go
    sleep get pray fast observe follow speciali[sz]e focus major plan intend aim dream struggle tend depend rely handle
    organi[sz]e do make give host attend share stand stutter bike jog dance garden farm fish sail ski ride walk design code
    program produce publish review curate conduct tutor mentor employ celebrate identify wake start finish look weigh receive
    oversee inspect maintain operate import export deliver brew photograph film blog moderate illustrate compose watch listen
    need want can't_stand""")
DONE = frozenset("""
    had been lived worked taught known owned played read written eaten smoked suffered drunk driven studied travelled run
    built kept moved started left married divorced retired changed switched joined published won trained become quit lost
    bought sold founded inherited""".split())
LIVED = frozenset("""
    moved studied grew worked married divorced graduated adopted bought sold founded started left retired changed switched
    lived joined completed published won broke taught served earned passed inherited trained became quit wrote had did took
    lost emigrated immigrated converted enrolled defended relocated separated volunteered built owned majored specialised
    specialized qualified underwent stopped gave got opened closed hired applied used ran""".split())
TOGETHER = frozenset("""
    have adopted moved live run own bought married grow keep rent sell breed foster raise opened founded got
    speak eat employ""".split())
OFTEN = re.compile(r"\b" + words("""
    always usually often every_(?:\\w+day|day|week|month|year|morning|evening|night|winter|summer|term|other) regularly
    \\w+_(?:days|times)_a_(?:week|year|month) on_(?:\\w+days|weekends) at_weekends rarely daily twice_a""") + r"\b",
        re.IGNORECASE)
STANDING = re.compile(r"\b" + words("""
    always usually generally in_general from_now_on in_(?:the_)?future by_default whenever never regularly daily weekly metric
    imperial large_print wheelchair glasses hearing_aids? help_with everything_in all_(?:dates|answers|amounts|figures)
    short_answers long_answers""") + r"\b", re.IGNORECASE)
TO_COME = re.compile(words("""
    be_\\d be_(?:in|at|on|away|abroad|working|teaching|moving) move retire marry graduate turn_\\d defend
    start_(?:my|a|as|at|in) become leave_(?:for|my) travel have_(?:surgery|a_baby)""") + r"\b")
_MATTERS = words("""
    ideas? questions? feeling doubts? problems? trouble look points? reason concerns? suggestions? requests? comments? hunch
    difficult\\w+ clue time impression cop(?:y|ies) files? pdfs? chance hope view opinion sources? texts? documents?
    information data wish one it enough evidence thoughts? notes? say proof remark correction objections? nothing contracts?
    letters? articles? theory hypothesis contradictions? minutes? seconds? moments? versions? quotes? summary call tables?
    plan task result examples? fear to""")
_DEIXIS = words("it that this these those the your what when how if where")
AFTER = {       # what must follow a verb, or must not, for it to tell about a life
    "live": r"(?:in|at|on|near|with|alone|abroad|out|between|off|together|next|by|outside|just|about|only)\b(?! (?:it|that|"
            r"this)\b)",
    "have had": rf"(?!(?:(?:no|a|an|one|another|some|only|two|three|more|any|my|the|all|several|many|a few|"
                rf"further)\s)?(?:[\w-]+ )?{_MATTERS}\b"
                r"|the\b(?! (?:flu|right|rank))|all|what|never heard|seen|read|found|added|to\b|hard time|strong|bad)",
    "love hate like enjoy dislike prefer can't_stand": rf"(?!{_DEIXIS}\b|to (?:see|know)|reading\b)",
    "take": r"(?!(?:it|that|your|the|this|back|note|issue|part in this|a (?:look|break|moment|step|guess))\b)",
    "come": r"from (?!the|a\b)", "stand": r"(?!corrected|by|for)", "pay": r"(?!attention)", "focus": r"on (?!the|this|that)",
    "rather": r"\b\B",
    "go": r"(?:to (?:church|school|university|bed|mosque|the gym|[A-Z])|swimming|running|hiking|climbing|fishing|sailing|"
          r"skiing|by bike)",
    "use": r"(?:an? |my |[\w-]+ (?:every|for|at|as) |[A-Z])(?!\w* (?:word|term|source))",
    "follow": r"(?:an? |the (?:\w+ )?(?:diet|premier|news))",
    "get": r"(?:up at|migraines|headaches|seasick|benefits|my (?:salary|income|news))", "share": r"(?:a|my|an|custody)\b",
    "give": r"(?:\w+ )?(?:lessons|talks|lectures|tours|classes|tutorials|blood)\b", "do": rf"(?!{_DEIXIS}\b|so\b|not\b)",
    "make": r"(?:a living|furniture|my own|jewellery|films|documentaries|music|cheese|wine|about \d|\d|ceramics|pottery)",
    "look": r"after (?:my|our|a|an|the)\b", "read": rf"(?!{_DEIXIS}\b|somewhere|about|you)",
    "watch listen": rf"(?!(?:to )?{_DEIXIS}\b)",
    "keep": rf"(?!\w+ing\b(?! bees)|{_DEIXIS}\b|on\b|a copy)", "start finish": r"(?:work|at \d|my (?:job|day|shift|new))",
    "see": r"\b\B",
    "plan intend aim tend want need": r"(?!to (?:read|use|ask|see|know|look|check|come back|compare|quote|cite|add|skip|go|"
                                      r"upload|do|find|think|leave|finish|understand)\b)",
    "support": rf"(?!{_DEIXIS}\b)", "run": r"(?!(?:into|out|the (?:risk|numbers|query))\b)",
    "play": r"(?!(?:devil|along|a role|dumb)\b)",
    "review test process": rf"(?!{_DEIXIS}\b)", "observe": r"(?:lent|ramadan|the sabbath|shabbat|[A-Z])",
    "work": r"(?!(?:with what|that out|this out|it out|faster|through)\b)",
    # what was done
    "started": r"(?:an?|my|our|working|teaching|studying|learning|university|as|training|at|in)\b(?! (?:reading|the))",
    "left": r"(?:my|the (?:army|church|company|firm|bank|police|civil|party)|home|school)\b", "used": r"to\b",
    "got": r"(?:promoted|married|divorced|engaged|pregnant|diagnosed|tenure|my|elected|hired|fired|laid|a (?:job|dog|cat|"
           r"degree|scholarship|position|place|grant|phd))\b",
    "did": r"(?:my|an?|our|\d|two|three|military|law)\b", "took": r"(?:early|a (?:job|sabbatical|course|year)|over|up|"
                                                                  r"maternity|parental|paternity)\b",
    "gave": r"(?:birth|up)\b", "lost": r"my\b(?! (?:place|way|file|train|patience))",
    "wrote": r"(?:my|an?|for|two|three|the (?:book|novel))\b(?! (?:last|question|message|note))",
    "opened closed": r"(?:an?|my|our) (?!file|page|doc|pdf|tab|source)", "stopped": r"(?!reading)\w+ing\b",
    "changed": r"(?:jobs?|careers?|my (?:job|name|diet)|schools?)\b",
    "passed": r"(?:my|the (?:bar|exam))\b", "broke": r"my\b", "applied": r"(?:for|to)\b", "hired": r"an?\b",
    "completed": r"(?:my|an?)\b", "built": r"(?:an?|my|our)\b",
    "switched": r"(?:to|from|jobs|careers)\b(?! the| another)", "ran": r"(?:an?|my|for)\b",
    "moved": r"(?!on\b|the\b|it\b|that\b)", "earned": r"(?:my|an?|\d)",
}
FOLLOWS = {verb.replace("_", " "): re.compile(follows) for verbs, follows in AFTER.items() for verb in verbs.split()}
STILL_ONCE = re.compile(words("""
    (?:go|come)_from_[A-Z] go_to_(?:church|school|university|bed|mosque|the_gym) get_up_at start_work
    finish_work look_after"""), re.IGNORECASE)

# --- my ------------------------------------------------------------------------------------------------------------

THINGS = one_of("""
    favou?rite native main mother current monthly annual daily usual preferred name nickname surname age birthday wife husband
    partner spouse fianc\\w+ boyfriend girlfriend ex sons? daughters? kids? child(?:ren)? baby babies brothers? sisters?
    siblings? mum mom mothers? fathers? dad parents? grand\\w+ aunt uncle cousins? nephews? nieces? twins? family in-laws
    \\w+-in-law step\\w+ friends? neighbou?rs? colleagues? flatmates? roommates? landlord landlady tenants? lodger dogs? cats?
    horses? pets? parrots? rabbits? chickens? hens job work profession occupation career employer company firm business
    startup shop practice boss manager supervisor co-\\w+ advis[eo]r professor mentor team department office clients?
    customers? patients? students? pupils? class classes courses? school university college lab institute group employees?
    staff assistant accountant lawyer solicitor attorney doctor gp dentist therapist physio\\w* \\w+ologist salary income
    pension budget rent mortgage savings loan debts? insurance taxes deadline exams? defen[cs]e viva appointment meeting
    flight holidays? vacation wedding surgery operation treatment therapy medication thesis dissertation phd doctorate
    master's bachelor's degree major subject field speciality specialty expertise research projects? novel book manuscript
    paper study topic sample goals? aim dream ambition hobby hobbies interests? passion sport instrument band choir club flat
    apartment house home address city town village hometown garden farm street country region car bike bicycle boat van laptop
    computer phone tablet camera languages? nationality citizenship religion faith diet allergy allergies blood eyesight
    hearing sight eyes knees? heart hip health disease illness condition disability weight height hours shifts? schedule
    commute working visa permit residence grant scholarship stipend audience readers? timezone pronouns role position rank
    website blog channel podcast ancestors? roots collection hives sheep cows goats bees orchard vineyard restaurant bakery
    cafe pub gallery workshop studio charity church parish party union league shoe handwriting pregnancy due childhood accent
    dialect ward unit \\w+'s""")
OTHERS = frozenset("friend friends neighbour neighbours neighbor neighbors colleague colleagues classmate roommate flatmate".split())
NOT_MINE = frozenset("""
    question questions point source sources document documents file files upload uploads understanding guess opinion view
    goodness god bad mistake impression feeling thought thoughts idea answer apologies last first second third previous next
    other request message prompt word pleasure turn reading concern problem issue doubt hunch suggestion pdf notebook notes
    note pdfs reply comment suspicion theory assumption conclusion fault error hope hat dear intention follow-up mind pages
    quote text page chat lord copy link part""".split())

# --- wishes and roles ------------------------------------------------------------------------------------------------

WISH = re.compile(
    r"^(?:please\s+)?(?P<what>(?:(?:always|never|from now on,?|in (?:the )?future,?|by default,?|in all (?:your )?(?:answers|"
    r"replies),?)\s+\S.+"
    r"|(?:do not|don't|[a-z]+)\s.+\b(?:always|from now on|in (?:the )?future|by default|every time|in all (?:your )?(?:answers|"
    r"replies))"
    r"|(?:call|address) me (?!back|when|if|later|an?\b)\S.*))$", re.IGNORECASE)
NO_WISH = re.compile(r"^(?:never mind|always (?:a|the|good)|i |we |my |you )|\b(?:my last|this (?:one|time|question|document|"
                     r"file)|"
                     r"the (?:above|following|first|second|last))\b", re.IGNORECASE)
AS_ROLE = re.compile(
    r"^(?:as|being) (?P<role>an? (?!" + words("""
    result matter rule side start first last whole consequence reminder next follow bit test final conclusion question note
    summary example reference quick precaution general table list""") + r")[\w\s'-]{3,60})$", re.IGNORECASE)

# --- German ------------------------------------------------------------------------------------------------------------

ICH = re.compile(
    r"^(?:ich (?:bin (?!" + words("""
    der_meinung mir nicht_sicher fertig sicher gespannt verwirrt dabei gerade einverstanden dafür dagegen froh unsicher noch
    hier müde""") + r"\b)|" + words("""
    heiße wohne lebe arbeite studiere promoviere lehre unterrichte esse trinke spiele sammle leite bevorzuge
    mag_(?!das|es) spreche komme_aus schreibe_(?:an|meine|ein) forsche nehme fahre pflege betreue vertrage leide
    ziehe trage""") + r"|habe (?!" + words("""
    eine?_(?:frage|bitte|idee) keine_(?:ahnung|frage) noch das die_datei den dazu es nicht schon gerade hier
    verstanden""") + r"\b))\b|mein(?:e|er)? (?!" + words("""
    frage quelle dokument datei meinung punkt fehler text eindruck verständnis""") + r")\w+ (?:\w+ )?(?:ist|heißt|sind|hat|"
                                                                                     r"lautet|wohnt|arbeitet|lebt)\b)",
                                                                                     re.IGNORECASE)
DORT = re.compile(r"\b" + words("""
    tabelle abbildung absatz satz seite zitat antwort frage quelle dokument datei autorin? artikel_\\d dies\\w* hier du sie
    würde hätte wäre könnte""") + r"\b", re.IGNORECASE)

# --- what a fact is about ----------------------------------------------------------------------------------------------

CATEGORIES = tuple((name, re.compile(rf"\b{words(listed)}\b", re.IGNORECASE)) for name, listed in (
    ("preference", "prefers? rather favou?rite likes? loves? hates? dislikes? enjoys? can't_stand answers? needs?_everything "
                   "wants? asks"),
    ("health", """
    allerg\\w+ diabet\\w+ asthma\\w* vegetarian\\w* vegan kosher halal gluten lactose medication mg surgery pregnan\\w+ blind
    deaf hearing wheelchair migraines? diagnos\\w+ disease cancer epilep\\w+ adhd autis\\w+ dyslex\\w+ depress\\w+ smok\\w+
    blood iron meat alcohol"""),
    ("identity", """
    (?:my|user's)_name call_me born years_old age native religio\\w+ muslim jewish christian catholic left-handed citizen
    nationality heiße"""),
    ("family", """
    wife husband partner sons? daughters? kids? child children brothers? sisters? mother father mum mom dad parents? married
    divorced engaged baby grand\\w+ dogs? cats? pets? aunt uncle cousins? twins? greyhound parrot hamster"""),
    ("schedule", """deadline exam appointment meeting due hours birthday \\w+days? leave"""),
    ("place", "lives? lived moved grew_up flat apartment house home address based commutes?"),
    ("project", """
    thesis dissertation project novel book paper research writing working_on sample budget goal phd review_of grant"""),
    ("study", "stud\\w+ student degree university graduated master's bachelor's school course semester supervisor"),
    ("work", """
    work\\w* job employ\\w+ company boss manager office clinic hospital lawyer teach\\w* engineer nurse doctor analyst head_of
    responsible team reports?_to career retire\\w* leads? firm client colleagues? freelance\\w* self-employed profession
    lectures? runs?"""),
    ("interest", """
    hobb\\w+ interest\\w* plays? collects? sings? paints? reads? hik\\w+ cook\\w* bak\\w+ garden\\w* swims? cycl\\w+ climb\\w*
    chess club fan""")))
