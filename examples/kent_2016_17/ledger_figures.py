"""The made-up figures behind the Kent ledger extracts: what each line spends and which codes it is booked to."""

# Outturn of each line in pence, near its budget, over on some and under on others. All illustrative.
OUTTURN_PENCE = {
    "G1-ASH": 11_640_037,
    "G1-CAN": 20_240_771,
    "G1-DGS": 24_836_409,
    "G1-SKC": 21_483_243,
    "G1-SWA": 11_146_839,
    "G1-THA": 15_814_943,
    "G1-WK": 43_532_535,
    "G1-EQP": 58_763_064,
    "G1-WKI": 70_471_454,
    "G2-ASH": 132_182_614,
    "G2-CAN": 235_170_463,
    "G2-DGS": 280_226_371,
    "G2-SKC": 236_843_666,
    "G2-SWA": 124_637_901,
    "G2-THA": 175_784_175,
    "G2-WK": 489_994_556,
    "G2-ASH-COM": 180_051_623,
    "G2-CAN-COM": 322_942_682,
    "G2-DGS-COM": 378_944_022,
    "G2-SKC-COM": 323_286_047,
    "G2-SWA-COM": 171_698_341,
    "G2-THA-COM": 241_826_136,
    "G2-WK-COM": 604_403_967,
    "G3-ASH": 46_237_769,
    "G3-CAN": 83_772_180,
    "G3-DGS": 97_748_488,
    "G3-SKC": 80_913_254,
    "G3-SWA": 44_159_880,
    "G3-THA": 62_564_152,
    "G3-WK": 170_697_453,
    "G3-EQT": 512_030_441,
    "G4-DOM": 773_245_791,
    "G4-RES": 289_501_725,
    "G4-DP": 161_911_265,
    "G4-OTH": 947_517_747,
    "G5-SCC": 238_980_632,
    "G6-CA": 312_359_227,
    "G7-CAR": 393_988_592,
    "G8-ASH": 82_561_184,
    "G8-CAN": 152_432_832,
    "G8-DGS": 177_797_215,
    "G8-SKC": 155_269_011,
    "G8-SWA": 80_421_694,
    "G8-THA": 118_353_516,
    "G8-WK": 322_889_187,
    "G8-KCC": 127_156_197,
}

# Lines whose spend is heavier in winter, month M1 to M12; the others run evenly but for small movements.
WINTER = (940, 920, 900, 890, 900, 930, 980, 1060, 1150, 1220, 1140, 1050)

# The council's codes: line, then cost centre, subjective, narrative, share of the line, VAT recovered in percent.
COUNCIL_CODES: dict[str, tuple[tuple[str, str, str, int, int | None], ...]] = {
    "G1-EQP": (("CC4125", "4210", "Equipment deliveries seven days", 100, 100),),
    "G3-EQT": (
        ("CC4120", "4210", "Community equipment", 71, 100),
        ("CC4121", "4215", "Telecare", 29, 100),
    ),
    "G4-DOM": (
        ("CC4111", "5001", "Home care packages east", 46, None),
        ("CC4112", "5001", "Home care packages north", 24, None),
        ("CC4113", "5002", "Home care packages west", 30, None),
    ),
    "G4-RES": (
        ("CC4131", "5101", "Residential care older people", 78, None),
        ("CC4132", "5102", "Residential care physical disability", 22, None),
    ),
    "G4-DP": (("CC4141", "5201", "Direct payments", 100, None),),
    "G4-OTH": (
        ("CC4151", "1101", "Enablement pay", 52, None),
        ("CC4151", "1105", "Enablement on-costs", 13, None),
        ("CC4152", "1101", "Assessment pay", 27, None),
        ("CC4153", "5005", "Short term care fees", 8, None),
    ),
    "G5-SCC": (
        ("CC4602", "6110", "Adaptation works, existing commitments", 64, 100),
        ("CC4602", "6120", "Specialist equipment, existing commitments", 36, 100),
    ),
    "G6-CA": (
        ("CC4161", "1101", "Care Act team pay", 70, None),
        ("CC4161", "4301", "Information and advice", 30, 100),
    ),
    "G7-CAR": (
        ("CC4171", "5301", "Carers support, voluntary sector", 63, None),
        ("CC4172", "5302", "Carers short breaks", 37, None),
    ),
    "G8-KCC": (
        ("CC4181", "1101", "Occupational therapy at hospitals pay", 58, None),
        ("CC4181", "5310", "Home from hospital support", 36, None),
        ("CC4181", "3105", "Vehicle leases", 6, 50),
    ),
}

# What each district receives in pounds, the month it is paid, and its short name.
DISTRICTS = (
    ("Ashford", 752_000, 2),
    ("Canterbury", 905_000, 2),
    ("Dartford", 465_000, 2),
    ("Dover", 930_000, 2),
    ("Gravesham", 690_000, 4),
    ("Maidstone", 985_000, 2),
    ("Sevenoaks", 742_000, 2),
    ("Shepway", 918_000, 2),
    ("Swale", 1_486_000, 2),
    ("Thanet", 1_264_000, 2),
    ("Tonbridge and Malling", 671_000, 2),
    ("Tunbridge Wells", 622_000, 2),
)

# The CCGs: short name, organisation code, contribution, partner, pattern, and what it pays the council in the year in
# pounds: its contribution less its budget on the lines it leads itself.
CCGS = (
    ("ASH", "09C", "ashford-min", "ashford-ccg", "monthly", 2_674_000),
    ("CAN", "09E", "canterbury-min", "canterbury-and-coastal-ccg", "monthly", 4_837_000),
    ("DGS", "09J", "dgs-min", "dartford-gravesham-swanley-ccg", "quarterly", 5_687_000),
    ("SKC", "10A", "skc-min", "south-kent-coast-ccg", "monthly", 4_884_000),
    ("SWA", "10D", "swale-min", "swale-ccg", "quarterly", 2_540_000),
    ("THA", "10E", "thanet-min", "thanet-ccg", "monthly", 3_649_000),
    ("WK", "99J", "west-kent-min", "west-kent-ccg", "monthly", 9_954_000),
)

# The CCGs' codes, the same in every organisation: line, then cost centre, account, description, share of the line.
CCG_CODES: dict[str, tuple[tuple[str, str, str, int], ...]] = {
    "G1-{}": (("836101", "52161010", "Extended hours, practices", 100),),
    "G1-{}I": (("836102", "53101010", "Information systems", 100),),
    "G2-{}": (
        ("836201", "52161510", "Integrated team, community trust", 74),
        ("836201", "52163010", "Integrated team, voluntary sector", 26),
    ),
    "G2-{}-COM": (("836202", "52161510", "Community nursing and therapy contract", 100),),
    "G3-{}": (("836301", "52161010", "Self-management programme", 100),),
    "G8-{}": (
        ("836801", "52161510", "Discharge to assess", 57),
        ("836802", "52162010", "Step-down beds", 43),
    ),
}

# Forecast outturn entered at the end of a quarter, in pounds.
FORECASTS = {
    2: (
        ("G4-DOM", "7760000.00"),
        ("G4-RES", "2890000.00"),
        ("G3-EQT", "5080000.00"),
        ("G5-SCC", "2450000.00"),
        ("G8-KCC", "1245000.00"),
        ("G8-WK", "3200000.00"),
        ("G2-WK-COM", "6010000.00"),
    ),
    3: (
        ("G4-DOM", "7745000.00"),
        ("G4-RES", "2897500.00"),
        ("G3-EQT", "5125000.00"),
        ("G5-SCC", "2400000.00"),
        ("G6-CA", "3130000.00"),
        ("G8-KCC", "1268000.00"),
        ("G8-WK", "3225000.00"),
        ("G8-THA", "1182000.00"),
        ("G2-WK-COM", "6040000.00"),
    ),
}
