"""What invented clients are drawn from. Nobody here exists.

Telephone numbers are of ranges that a regulator keeps free for films and books, and that phonenumbers holds valid:
  GB  https://www.ofcom.org.uk/phones-and-broadband/phone-numbers/numbers-for-drama
  DE  Bundesnetzagentur, "Rufnummern für Film und Fernsehen"
  FR  ARCEP, décision 2018-0881, 2.5.12
  US  NANPA, 555-0100 to 555-0199
  AU  ACMA, "Phone numbers for use in TV shows, films and creative works"
Mail goes to example.com, .net and .org only (RFC 2606).
"""

from __future__ import annotations

from typing import NamedTuple


class Frame(NamedTuple):
    """Text around a number of `digits` digits (0: as many as the number has)."""

    before: str
    digits: int = 0
    after: str = ""


class Country(NamedTuple):
    """How people of a country are reached. A place is a town and its postcode."""

    phones: tuple[Frame, ...]  # E.164
    places: tuple[tuple[str, Frame], ...]
    streets: tuple[Frame, ...]


class Names(NamedTuple):
    """Names that are given in one language."""

    first: tuple[str, ...]
    last: tuple[str, ...]


class Community(NamedTuple):
    """People who live in one country and have names of one language; `weight` of 100 clients."""

    weight: int
    country: Country
    names: Names


BRITAIN = Country(
    phones=(
        Frame("+442079460", 3),
        Frame("+441134960", 3),
        Frame("+441144960", 3),
        Frame("+441164960", 3),
        Frame("+441174960", 3),
        Frame("+441184960", 3),
        Frame("+441214960", 3),
        Frame("+441314960", 3),
        Frame("+441414960", 3),
        Frame("+441514960", 3),
        Frame("+441614960", 3),
        Frame("+441914980", 3),
        Frame("+442896496", 3),
        Frame("+442920180", 3),
        Frame("+448081570", 3),
        Frame("+443069990", 3),
    ),
    places=(
        ("London", Frame("SE1 ", 1, "QF")),
        ("London", Frame("N1C ", 1, "BW")),
        ("Leeds", Frame("LS1 ", 1, "DY")),
        ("Sheffield", Frame("S10 ", 1, "TN")),
        ("Leicester", Frame("LE2 ", 1, "HA")),
        ("Bristol", Frame("BS8 ", 1, "LR")),
        ("Reading", Frame("RG4 ", 1, "EU")),
        ("Birmingham", Frame("B15 ", 1, "XJ")),
        ("Edinburgh", Frame("EH3 ", 1, "NG")),
        ("Glasgow", Frame("G12 ", 1, "SP")),
        ("Liverpool", Frame("L8 ", 1, "UB")),
        ("Manchester", Frame("M20 ", 1, "WA")),
        ("Newcastle upon Tyne", Frame("NE2 ", 1, "PR")),
        ("Belfast", Frame("BT7 ", 1, "GD")),
        ("Cardiff", Frame("CF24 ", 1, "RZ")),
        ("Stoke-on-Trent", Frame("ST4 ", 1, "LN")),
    ),
    streets=(
        Frame("Flat ", after=", Harbour House"),
        Frame("Unit ", after=' "The Maltings"'),
        *(
            Frame("", after=f" {street}")
            for street in (
                "Mill Lane", "High Street", "Station Road", "Church Walk", "Albert Terrace", "St John's Close",
                "The Green", "Orchard Way", "King's Parade", "Quarry Hill", "Victoria Road", "Bishop's Gate",
                "Canal Side", "Elm Grove",
            )
        ),
    ),
)  # fmt: skip

GERMANY = Country(
    phones=(
        Frame("+493023125", 3),
        Frame("+496990009", 3),
        Frame("+494066969", 3),
        Frame("+492214710", 3),
        Frame("+498999998", 3),
        Frame("+4917139200", 2),
        Frame("+49176040690", 2),
    ),
    places=(
        ("Dresden", Frame("01", 3)),
        ("Leipzig", Frame("04", 3)),
        ("Jena", Frame("077", 2)),
        ("Berlin", Frame("104", 2)),
        ("Köln", Frame("506", 2)),
        ("Frankfurt am Main", Frame("603", 2)),
        ("München", Frame("803", 2)),
        ("Hamburg", Frame("202", 2)),
    ),
    streets=tuple(
        Frame(f"{street} ")
        for street in (
            "Hauptstraße", "Gartenweg", "Bahnhofstraße", "Am Mühlbach", "Lindenallee", "Goethestraße", "Schloßgasse",
            "Grüner Weg", "Ährenfeld", "Straße des 17. Juni",
        )
    ),
)  # fmt: skip

FRANCE = Country(
    phones=(
        Frame("+3319900", 4),
        Frame("+3326191", 4),
        Frame("+3335301", 4),
        Frame("+3346571", 4),
        Frame("+3353649", 4),
    ),
    places=(
        ("Nice", Frame("06", 3)),
        ("Bourg-en-Bresse", Frame("01", 3)),
        ("Troyes", Frame("10", 3)),
        ("Besançon", Frame("25", 3)),
        ("Orléans", Frame("45", 3)),
        ("Paris", Frame("750", 2)),
    ),
    streets=tuple(
        Frame("", after=f" {street}")
        for street in (
            "rue de l'Église", "avenue Jean-Jaurès", "place du Marché", "chemin des Prés", "quai Saint-Étienne",
            "boulevard de la Liberté", "impasse du Château",
        )
    ),
)  # fmt: skip

AMERICA = Country(
    phones=tuple(Frame(f"+1{area}55501", 2) for area in (202, 206, 212, 213, 305, 312, 415, 512, 617, 718)),
    places=(
        ("Boston, MA", Frame("021", 2)),
        ("Hartford, CT", Frame("061", 2)),
        ("Newark, NJ", Frame("071", 2)),
        ("Austin, TX", Frame("787", 2)),
        ("Seattle, WA", Frame("981", 2)),
        ("Miami, FL", Frame("331", 2)),
    ),
    streets=tuple(
        Frame("", after=f" {street}")
        for street in ("Maple Ave", "W 4th St", "Lincoln Blvd", "Cedar Ct Apt 2", "Old Mill Rd", "N Lake Dr", "2nd Ave")
    ),
)

AUSTRALIA = Country(
    phones=(
        Frame("+6125550", 4),
        Frame("+6127010", 4),
        Frame("+6135550", 4),
        Frame("+6137010", 4),
        Frame("+6175550", 4),
        Frame("+6185550", 4),
        Frame("+61491570", 3),
    ),
    places=(
        ("Darwin NT", Frame("08", 2)),
        ("Sydney NSW", Frame("20", 2)),
        ("Melbourne VIC", Frame("30", 2)),
        ("Perth WA", Frame("60", 2)),
    ),
    streets=tuple(
        Frame("", after=f" {street}")
        for street in ("Wattle St", "Esplanade", "Gum Tree Rd", "Harbour View", "Jacaranda Ave", "O'Connell St")
    ),
)

ENGLISH = Names(
    first=(
        "Olivia", "Amelia", "Isla", "Ava", "Freya", "Grace", "Florence", "Margaret", "Dorothy", "Susan", "Siân",
        "Zoë", "Chloé", "Mary Ann", "Noah", "Oliver", "George", "Arthur", "Leo", "Jack", "Harry", "Kenneth", "Derek",
        "Alan", "Seán", "Rhys", "Callum", "Jean-Luc", "Ian", "Trevor",
    ),
    last=(
        "Smith", "Jones", "Taylor", "Brown", "Williams", "Wilson", "Davies", "Evans", "Thomas", "Roberts", "Walker",
        "Wright", "Hughes", "Edwards", "Thompson", "O'Neill", "O'Brien", "D'Arcy", "Null", "True", "May", "Day",
        "MacDonald", "McKenzie", "St. John", "Smythe-Jones", "Van der Byl", "Brontë", "Ng", "Patel", "Khan", "Singh",
        "Begum", "Okonkwo", "Mensah", "De la Cruz", "Fitzgerald", "Cholmondeley", "Featherstonehaugh", "Li",
    ),
)  # fmt: skip

GERMAN = Names(
    first=(
        "Jürgen", "Günther", "Jörg", "Björn", "Käthe", "Anneliese", "Änne", "Sabine", "Uwe", "Karl-Heinz", "Heike",
        "Lena", "Jonas", "Felix", "Mia", "Özlem", "Sören", "Ute",
    ),
    last=(
        "Müller", "Schmidt", "Schröder", "Weiß", "Groß", "Köhler", "Krüger", "Böhm", "Jäger", "Schäfer", "Vogel",
        "Kaiser", "Lüdenscheidt", "von der Heide", "Größmann", "Strauß", "Yılmaz", "Öztürk", "Meyer-Lüdtke", "Ott",
    ),
)  # fmt: skip

POLISH = Names(
    first=(
        "Łukasz", "Paweł", "Michał", "Grażyna", "Małgorzata", "Agnieszka", "Żaneta", "Zbigniew", "Stanisław", "Ewa",
        "Bożena", "Jędrzej", "Świętosława", "Jan",
    ),
    last=(
        "Wiśniewski", "Wójcik", "Kowalczyk", "Kamiński", "Lewandowska", "Zieliński", "Szymańska", "Woźniak",
        "Dąbrowski", "Kozłowska", "Jabłoński", "Błaszczykowski", "Żak", "Brzęczyszczykiewicz",
    ),
)  # fmt: skip

SPANISH = Names(
    first=(
        "José", "María José", "Ángel", "Íñigo", "Begoña", "Martín", "Lucía", "Sofía", "Andrés", "Concepción",
        "Raúl", "Inés", "Peñélope", "Óscar",
    ),
    last=(
        "Núñez", "García Márquez", "Fernández", "Muñoz", "Ibáñez", "Peña", "Gómez", "López", "Ordóñez", "Castaño",
        "de la Fuente", "Güell", "Zúñiga", "Araújo",
    ),
)  # fmt: skip

FRENCH = Names(
    first=(
        "Élodie", "François", "Zoé", "Jérôme", "Anaïs", "Benoît", "Françoise", "Loïc", "Hélène", "Noël", "Léa",
        "Thérèse", "Gaël", "Maëlys",
    ),
    last=(
        "Lefèvre", "Béranger", "D'Aubigné", "Garçon", "Château", "L'Hôpital", "Benoît-Dupré", "Hénault", "Noël",
        "Cœur", "Martin", "Petit", "Rousseau", "Gagné",
    ),
)  # fmt: skip

JAPANESE = Names(
    first=("花子", "太郎", "美咲", "翔太", "さくら", "健一", "陽菜", "大輔", "恵子", "ケン"),
    last=("田中", "佐藤", "鈴木", "高橋", "渡辺", "伊藤", "山本", "中村", "小林", "髙島"),
)

GREEK = Names(
    first=("Γιώργος", "Μαρία", "Ελένη", "Νίκος", "Κωνσταντίνος", "Αικατερίνη", "Δημήτρης", "Ιωάννα"),
    last=("Παπαδόπουλος", "Παπαδοπούλου", "Νικολάου", "Γεωργίου", "Ιωαννίδης", "Οικονόμου", "Βασιλείου", "Αγγέλου"),
)

COMMUNITIES = (
    Community(50, BRITAIN, ENGLISH),
    Community(7, BRITAIN, POLISH),
    Community(3, BRITAIN, SPANISH),
    Community(2, BRITAIN, JAPANESE),
    Community(3, BRITAIN, GREEK),
    Community(15, GERMANY, GERMAN),
    Community(8, FRANCE, FRENCH),
    Community(6, AMERICA, ENGLISH),
    Community(2, AMERICA, SPANISH),
    Community(4, AUSTRALIA, ENGLISH),
)

DOMAINS = ("example.com", "example.org", "example.net")

# The Latin spelling of letters and names that Unicode does not take apart; used in mail addresses.
SPELLED = {
    "ß": "ss", "ł": "l", "Ł": "L", "ı": "i", "œ": "oe", "ø": "o",
    "花子": "hanako", "太郎": "taro", "美咲": "misaki", "翔太": "shota", "さくら": "sakura", "健一": "kenichi",
    "陽菜": "hina", "大輔": "daisuke", "恵子": "keiko", "ケン": "ken",
    "田中": "tanaka", "佐藤": "sato", "鈴木": "suzuki", "高橋": "takahashi", "渡辺": "watanabe", "伊藤": "ito",
    "山本": "yamamoto", "中村": "nakamura", "小林": "kobayashi", "髙島": "takashima",
    "Γιώργος": "giorgos", "Μαρία": "maria", "Ελένη": "eleni", "Νίκος": "nikos", "Κωνσταντίνος": "konstantinos",
    "Αικατερίνη": "aikaterini", "Δημήτρης": "dimitris", "Ιωάννα": "ioanna", "Παπαδόπουλος": "papadopoulos",
    "Παπαδοπούλου": "papadopoulou", "Νικολάου": "nikolaou", "Γεωργίου": "georgiou", "Ιωαννίδης": "ioannidis",
    "Οικονόμου": "oikonomou", "Βασιλείου": "vasileiou", "Αγγέλου": "angelou",
}  # fmt: skip
