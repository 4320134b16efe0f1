"""The words that demo data are made of: people, places, makes of cars. Used by `make_demo_data.py`."""

from dataclasses import dataclass

MALE_NAMES = (
    "Александр Алексей Андрей Антон Артём Борис Вадим Виктор Виталий Владимир Вячеслав Георгий Глеб Григорий "
    "Денис Дмитрий Евгений Егор Иван Игорь Илья Кирилл Константин Леонид Максим Михаил Никита Николай Олег "
    "Павел Пётр Роман Руслан Сергей Станислав Степан Тимур Фёдор Юрий Ярослав"
).split()
FEMALE_NAMES = (
    "Алёна Александра Алина Анастасия Анна Валентина Валерия Вера Вероника Виктория Галина Дарья Евгения "
    "Екатерина Елена Жанна Инна Ирина Кристина Ксения Лариса Любовь Людмила Маргарита Марина Мария Надежда "
    "Наталья Оксана Ольга Полина Светлана София Татьяна Юлия Яна"
).split()
FATHERS = (
    "Александр:ов Алексей:ев Анатолий:ьев Андрей:ев Борис:ов Вадим:ов Валерий:ьев Виктор:ов Владимир:ов "
    "Геннадий:ьев Георгий:ев Дмитрий:ев Евгений:ьев Иван:ов Игорь:ев Константин:ов Леонид:ов Максим:ов "
    "Михаил:ов Николай:ев Олег:ов Павел:ов Пётр:ов Роман:ов Сергей:ев Станислав:ов Фёдор:ов Юрий:ев"
).split()
SURNAMES = (
    "Абрамов Авдеев Агафонов Алексеев Андреев Антонов Афанасьев Баранов Белоусов Беляев Блинов Богданов Борисов "
    "Быков Васильев Виноградов Власов Волков Воробьёв Воронов Гаврилов Герасимов Голубев Горбунов Гордеев Григорьев "
    "Данилов Дементьев Денисов Дмитриев Дорофеев Егоров Елисеев Ершов Ефимов Жданов Жуков Зайцев Захаров Зиновьев "
    "Зуев Иванов Игнатьев Ильин Исаев Казаков Калинин Капустин Карпов Киселёв Ковалёв Козлов Колесников Комаров "
    "Кондратьев Корнилов Королёв Котов Крылов Кудрявцев Кузнецов Кузьмин Куликов Лазарев Лаптев Ларионов Лебедев "
    "Логинов Макаров Максимов Марков Мартынов Медведев Мельников Миронов Михеев Моисеев Мухин Назаров Некрасов "
    "Нестеров Никитин Николаев Носов Овчинников Орехов Осипов Павлов Панфилов Петров Поляков Пономарёв Попов "
    "Прохоров Родионов Романов Рябов Савельев Савин Сафонов Селезнёв Семёнов Сергеев Сидоров Симонов Смирнов "
    "Соболев Соловьёв Сорокин Степанов Суворов Тарасов Терентьев Тимофеев Титов Тихонов Третьяков Трофимов Уваров "
    "Ушаков Фадеев Федотов Филатов Фокин Фролов Харитонов Цветков Чернов Чистяков Шарапов Шестаков Широков Шубин "
    "Щербаков Юдин Яковлев"
).split()
CITIES = (
    ["Москва"] * 12 + ["Санкт-Петербург"] * 3 + ["Тверь"] * 3 + ["Мурманск"] * 2
    + ["Красногорск", "Химки", "Мытищи", "Одинцово", "Калуга", "Тула", "Ярославль", "Владимир", "Рязань"]
)
STREETS = (
    "Лесная Садовая Полевая Речная Центральная Парковая Набережная Заводская Солнечная Сосновая Берёзовая Северная "
    "Южная Школьная Весенняя Тихая Озёрная Луговая Новая Зелёная"
).split()
COMPANY_NAMES = (
    "Вектор Горизонт Меридиан Альянс Балтика Вершина Гранит Династия Интеграл Каскад Лидер Магистраль Норд Орион "
    "Паритет Перспектива Прогресс Ресурс Северный_путь Сфера Техносила Титан Универсал Феникс Форум Центральный "
    "Эксперт Эталон Юпитер Ярус Автомир_Партнёр Белый_парус Верный_курс Городские_решения Дальний_свет Капитал "
    "Линия_движения Новый_формат Опора Точка_роста"
).split()
DEFECTS = (
    "Сколы на капоте, потёртость водительского сиденья",
    "Царапина на заднем бампере, окрашена правая передняя дверь",
    "Замена лобового стекла, мелкие сколы по кромкам",
    "Износ передних тормозных дисков, запотевание корпуса масляного фильтра",
    "Кузов в заводской краске, следы эксплуатации по салону",
    "Вмятина на левом пороге, нет второго комплекта колёс",
    "Окрашено переднее крыло, люфт опоры стабилизатора",
    "Потёртости руля, трещина накладки порога",
    "Без замечаний по кузову, требуется обслуживание коробки",
    "Сколы на дисках, замена фары после камня",
)
QUESTIONS = {
    "buy": ("Ещё в продаже? Можно посмотреть сегодня?", "Есть ли торг при осмотре?", "Возможен обмен с доплатой?",
            "Какой пробег и сколько владельцев?", "Пришлите отчёт о проверке, пожалуйста.",
            "Рассматриваю кредит, какой первый взнос?"),
    "sell": ("За сколько выкупите? Нужно быстро.", "Хочу продать, оцените по фотографиям.",
             "Сколько занимает выкуп и когда деньги?", "Готов приехать на осмотр завтра."),
    "consign": ("Какие условия комиссии?", "Хочу оставить на продажу, сколько стоит размещение?",
                "Сколько в среднем продаётся такая машина?"),
    "other": ("Вы работаете с юридическими лицами?", "Нужна мойка и полировка, делаете?", "Подскажите адрес салона.",
              "Есть ли у вас вакансии?"),
}
COMMENTS = (
    "Просит звонить после шести.", "Приедет с семьёй на выходных.", "Сравнивает с таким же на другом сайте.",
    "Нужны зимние колёса в комплекте.", "Готов внести предоплату.", "Ждёт решения банка.",
    "Просил прислать видео салона.", "Торгуется, держим цену.",
)


@dataclass(frozen=True, slots=True)
class Model:
    """A model of car: how VINs of it begin, and its price when new in thousands of roubles."""

    make: str
    name: str
    wmi: str
    vds: str
    body: str
    engine: str
    volume: str
    power: int
    gearbox: str
    drive: str
    price: int
    trims: tuple[str, ...]
    weight: int = 2


def _model(line: str) -> Model:
    make, name, wmi, vds, body, engine, volume, power, gearbox, drive, price, trims, weight = line.split(";")
    return Model(make, name, wmi, vds, body, engine, volume, int(power), gearbox, drive, int(price),
                 tuple(trims.split("/")), int(weight))


MODELS = tuple(_model(line) for line in """
Porsche;Cayenne;WP1;ZZZ9Y;suv;petrol;3.0;340;automatic;all_wheel;12400;Base/Platinum;5
Porsche;Cayenne Coupé;WP1;ZZZ9Y;suv;petrol;2.9;440;automatic;all_wheel;16200;S/Platinum;3
Porsche;Macan;WP1;ZZZ95;suv;petrol;2.0;265;robot;all_wheel;8600;Base/T;4
Porsche;Panamera;WP0;ZZZ97;liftback;petrol;2.9;330;robot;all_wheel;14900;4/4S;3
Porsche;911 Carrera;WP0;ZZZ99;coupe;petrol;3.0;385;robot;rear;17800;S/4S;2
Porsche;Taycan;WP0;ZZZY1;sedan;electric;;476;automatic;all_wheel;13900;4S/Turbo;2
BMW;X5 xDrive40i;WBA;JU810;suv;petrol;3.0;340;automatic;all_wheel;11800;M Sport/xLine;6
BMW;X5 xDrive30d;WBA;JU610;suv;diesel;3.0;249;automatic;all_wheel;11200;M Sport/Base;5
BMW;X6 xDrive40i;WBA;GT810;suv;petrol;3.0;340;automatic;all_wheel;12600;M Sport;3
BMW;X7 xDrive40d;WBA;TB210;suv;diesel;3.0;340;automatic;all_wheel;15400;M Sport/Pure Excellence;3
BMW;X3 xDrive20d;WBA;TX310;suv;diesel;2.0;190;automatic;all_wheel;7300;M Sport/xLine;4
BMW;530d xDrive;WBA;JP310;sedan;diesel;3.0;249;automatic;all_wheel;8700;M Sport/Luxury;4
BMW;M5 Competition;WBS;JF010;sedan;petrol;4.4;625;automatic;all_wheel;16900;Competition;2
BMW;740Ld xDrive;WBA;7W610;sedan;diesel;3.0;320;automatic;all_wheel;14200;M Sport;2
Mercedes-Benz;GLE 350 d;W1N;16702;suv;diesel;2.9;249;automatic;all_wheel;11600;AMG Line/Sport;5
Mercedes-Benz;GLE 53 AMG;W1N;16706;suv;petrol;3.0;435;automatic;all_wheel;15900;AMG;2
Mercedes-Benz;GLS 400 d;W1N;16792;suv;diesel;2.9;330;automatic;all_wheel;16300;AMG Line/First Class;4
Mercedes-Benz;G 63 AMG;W1N;46327;suv;petrol;4.0;585;automatic;all_wheel;28500;AMG/Edition;3
Mercedes-Benz;E 220 d;W1K;21300;sedan;diesel;2.0;194;automatic;all_wheel;7600;AMG Line/Avantgarde;4
Mercedes-Benz;S 400 d;W1K;22316;sedan;diesel;2.9;330;automatic;all_wheel;17200;AMG Line;3
Mercedes-Benz;V 250 d;W1V;44781;minivan;diesel;2.1;190;automatic;all_wheel;9800;Avantgarde/Exclusive;2
Audi;Q7 55 TFSI;WAU;ZZZ4M;suv;petrol;3.0;340;automatic;all_wheel;10300;S line/Business;5
Audi;Q8 50 TDI;WAU;ZZZF1;suv;diesel;3.0;249;automatic;all_wheel;10900;S line;4
Audi;Q5 45 TFSI;WAU;ZZZFY;suv;petrol;2.0;249;robot;all_wheel;6900;Sport/Advance;3
Audi;A6 45 TFSI;WAU;ZZZF2;sedan;petrol;2.0;245;robot;all_wheel;6800;Design/Sport;3
Audi;RS Q8;WUA;ZZZF1;suv;petrol;4.0;600;automatic;all_wheel;18700;Dynamic;2
Land Rover;Range Rover;SAL;GA2BE;suv;diesel;3.0;350;automatic;all_wheel;19500;Autobiography/HSE;4
Land Rover;Range Rover Sport;SAL;WA2BE;suv;diesel;3.0;249;automatic;all_wheel;13800;HSE/Dynamic;5
Land Rover;Range Rover Velar;SAL;YA2BN;suv;petrol;2.0;250;automatic;all_wheel;8900;R-Dynamic/SE;3
Land Rover;Defender 110;SAL;EA7RU;suv;diesel;3.0;249;automatic;all_wheel;11700;X-Dynamic/SE;3
Lexus;LX 500d;JTJ;HX00W;suv;diesel;3.3;299;automatic;all_wheel;18900;Premium/F Sport;4
Lexus;RX 350;JTJ;BAMCA;suv;petrol;2.4;279;automatic;all_wheel;9700;Premium/Executive;4
Lexus;NX 350;JTJ;ADMA2;suv;petrol;2.4;279;automatic;all_wheel;7900;Progressive/F Sport;2
Toyota;Land Cruiser 300;JTM;HX01J;suv;diesel;3.3;299;automatic;all_wheel;13600;Elegance/GR Sport;5
Toyota;Camry;XW7;BK4FK;sedan;petrol;2.5;200;automatic;front;4100;Prestige/Luxe;2
Volvo;XC90 B5;YV1;LFA2B;suv;diesel;2.0;235;automatic;all_wheel;8800;Inscription/R-Design;3
Volvo;XC60 B5;YV1;UZA2B;suv;petrol;2.0;249;automatic;all_wheel;6700;Inscription/Momentum;2
Bentley;Bentayga;SJA;AA14V;suv;petrol;4.0;550;automatic;all_wheel;29500;V8/First Edition;2
Lamborghini;Urus;ZPB;CA1ZL;suv;petrol;4.0;650;automatic;all_wheel;36500;Pearl Capsule/S;1
Genesis;GV80;KMU;HB81D;suv;diesel;3.0;249;automatic;all_wheel;8200;Luxury/Elite;2
Genesis;G80;KMT;GB41D;sedan;petrol;2.5;249;automatic;all_wheel;6600;Elegance/Premium;2
Volkswagen;Touareg;XW8;ZZZCR;suv;diesel;3.0;249;automatic;all_wheel;8400;Exclusive/R-Line;3
Cadillac;Escalade;1GY;S4DKL;suv;petrol;6.2;426;automatic;all_wheel;15200;Sport Platinum/Premium Luxury;2
Li;L9;HLX;33B12;suv;hybrid;1.5;449;automatic;all_wheel;8100;Max/Ultra;3
Zeekr;001;L6T;79T2E;liftback;electric;;544;automatic;all_wheel;6200;You/Performance;2
Kia;Sportage;XWE;PH81B;suv;petrol;2.0;150;automatic;all_wheel;3400;Prestige/Luxe;2
Chery;Tiggo 7 Pro Max;LVV;DB21B;suv;petrol;1.6;150;robot;front;3150;Ultimate/Prestige;2
Geely;Monjaro;Y7W;KX11A;suv;petrol;2.0;238;automatic;all_wheel;4450;Exclusive/Flagship;2
Haval;Jolion;XZG;FF04A;suv;petrol;1.5;150;robot;all_wheel;2750;Premium/Elite;2
""".strip().splitlines())
