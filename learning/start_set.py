"""The skills and target groups that a city starts from; administrators edit them afterwards.

They follow what the programme names (public services, electronic payment, digital health utilities, the
digital identity, safety, searching and checking) and what people ask for at the kitchen table. The four
groups are those of Decision 757/QĐ-BKHCN; no skill here claims to be its official list, and no question to
be its official confirmation, which belongs to VNeID.

Of the options of a question the first is the right one; the page mixes them.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Words:
    """What a skill says in one language: two lines of what was taught, one easy question, three options."""

    name: str
    card: tuple[str, str]
    question: str
    options: tuple[str, str, str]


@dataclass(frozen=True)
class StartSkill:
    """A skill with its stable code and its words in both languages."""

    code: str
    vi: Words
    en: Words

    @property
    def name_vi(self) -> str:
        """The Vietnamese name."""
        return self.vi.name

    @property
    def name_en(self) -> str:
        """The English name."""
        return self.en.name


@dataclass(frozen=True)
class StartGroup:
    """A target group with its stable code and its name in both languages."""

    code: str
    name_vi: str
    name_en: str


START_GROUPS: tuple[StartGroup, ...] = (
    StartGroup("pupils_students", "Học sinh, sinh viên", "Pupils and students"),
    StartGroup("residents", "Người dân", "Residents"),
    StartGroup("public_sector", "Cán bộ, công chức, viên chức", "Public-sector staff"),
    StartGroup("enterprise_workers", "Người lao động trong doanh nghiệp", "Enterprise workers"),
)

START_SET: tuple[StartSkill, ...] = (
    StartSkill(
        "smartphone",
        Words(
            "Dùng điện thoại thông minh",
            (
                "Mở khóa, chỉnh chữ to, tăng giảm tiếng, kết nối mạng.",
                "Mở một ứng dụng, quay về màn hình chính, sạc pin đúng cách.",
            ),
            "Muốn chữ trên điện thoại to hơn thì vào đâu?",
            ("Phần Cài đặt", "Phần Máy ảnh", "Phần Đồng hồ"),
        ),
        Words(
            "Using a smartphone",
            (
                "Unlocking, larger letters, sound up and down, joining a network.",
                "Opening an app, going back to the first screen, charging well.",
            ),
            "Where do you make the letters on your phone larger?",
            ("In Settings", "In Camera", "In Clock"),
        ),
    ),
    StartSkill(
        "messages",
        Words(
            "Gọi và nhắn tin qua Zalo",
            (
                "Gọi cho người nhà có hình, nhắn tin, gửi ảnh và tin nói.",
                "Biết nhóm của tổ dân phố, không chuyển tiếp tin lạ.",
            ),
            "Muốn thấy mặt con cháu khi gọi thì bấm gì?",
            ("Gọi có hình (biểu tượng máy quay)", "Gửi tin nhắn chữ", "Tắt điện thoại"),
        ),
        Words(
            "Calls and messages on Zalo",
            (
                "Calling the family with a picture, writing, sending photos and voice messages.",
                "Knowing the group of the neighbourhood, not passing strange messages on.",
            ),
            "What do you tap to see your grandchildren while you talk?",
            ("The video call (the little camera)", "A text message", "The power button"),
        ),
    ),
    StartSkill(
        "identity",
        Words(
            "Định danh điện tử VNeID",
            (
                "Mở VNeID, xem căn cước và thẻ bảo hiểm y tế trên điện thoại.",
                "Giữ kín mật mã, không cho ai mượn tài khoản.",
            ),
            "Có người gọi đến hỏi mật mã VNeID thì làm gì?",
            ("Không đọc cho ai, tắt máy", "Đọc ngay cho họ", "Nhắn tin mật mã cho họ"),
        ),
        Words(
            "Digital identity with VNeID",
            (
                "Opening VNeID, showing the identity card and the health insurance card on the phone.",
                "Keeping the passcode to yourself, lending the account to nobody.",
            ),
            "Somebody calls and asks for your VNeID passcode. What do you do?",
            ("Tell nobody and hang up", "Read it to them at once", "Send it in a message"),
        ),
    ),
    StartSkill(
        "public_services",
        Words(
            "Dịch vụ công trực tuyến",
            (
                "Vào Cổng Dịch vụ công, đăng nhập bằng VNeID, tìm thủ tục cần làm.",
                "Nộp hồ sơ, chụp giấy tờ gửi kèm, xem hồ sơ đã đến đâu.",
            ),
            "Nộp hồ sơ qua mạng thì đăng nhập bằng gì?",
            ("Tài khoản VNeID của mình", "Tài khoản của hàng xóm", "Không cần đăng nhập"),
        ),
        Words(
            "Online public services",
            (
                "Opening the public service portal, signing in with VNeID, finding the form you need.",
                "Sending it with photos of your papers, seeing how far it has got.",
            ),
            "What do you sign in with to send papers online?",
            ("My own VNeID account", "My neighbour's account", "Nothing at all"),
        ),
    ),
    StartSkill(
        "payment",
        Words(
            "Thanh toán không dùng tiền mặt",
            (
                "Quét mã để trả tiền, xem lại tên người nhận trước khi bấm.",
                "Trả tiền điện, nước; xem lại tiền đã ra, đã vào.",
            ),
            "Trước khi bấm chuyển tiền thì cần xem gì?",
            ("Tên người nhận và số tiền", "Thời tiết hôm nay", "Pin còn bao nhiêu"),
        ),
        Words(
            "Paying without cash",
            (
                "Scanning a code to pay, reading the name of who gets it before you tap.",
                "Paying for electricity and water; seeing what went out and what came in.",
            ),
            "What do you look at before you send money?",
            ("Who gets it and how much", "The weather of today", "How full the battery is"),
        ),
    ),
    StartSkill(
        "health",
        Words(
            "Sổ sức khỏe và đặt lịch khám",
            (
                "Xem sổ sức khỏe điện tử, thẻ bảo hiểm y tế, kết quả khám.",
                "Đặt lịch khám trước để đỡ phải chờ lâu.",
            ),
            "Đặt lịch khám trước qua mạng để làm gì?",
            ("Để đỡ phải chờ lâu", "Để khỏi phải uống thuốc", "Để được giảm tiền điện"),
        ),
        Words(
            "Health record and booking a doctor",
            (
                "Seeing your health record, your insurance card and your results on the phone.",
                "Booking a visit ahead, so that you wait less.",
            ),
            "What is booking a visit to the doctor online good for?",
            ("I wait less", "I need no medicine", "My electricity gets cheaper"),
        ),
    ),
    StartSkill(
        "safety",
        Words(
            "Tránh lừa đảo, giữ an toàn trên mạng",
            (
                "Nhận ra cuộc gọi, tin nhắn giả làm công an, ngân hàng, người thân.",
                "Không đọc mã OTP, không bấm đường dẫn lạ; hỏi con cháu hoặc công an phường, xã.",
            ),
            "Người lạ gọi đến xin mã OTP thì làm gì?",
            ("Không đọc, tắt máy", "Đọc mã cho họ", "Chuyển tiền cho họ"),
        ),
        Words(
            "Staying safe and avoiding scams online",
            (
                "Telling calls and messages that pretend to be the police, the bank or the family.",
                "Reading no OTP aloud, opening no strange link; asking the family or the local police.",
            ),
            "A stranger calls and wants your OTP. What do you do?",
            ("Keep it to myself and hang up", "Read it aloud", "Send them money"),
        ),
    ),
    StartSkill(
        "searching",
        Words(
            "Tìm và kiểm tra thông tin",
            (
                "Tìm bằng cách gõ chữ hoặc nói vào điện thoại.",
                "Xem ai đăng, ngày nào, có báo nào khác nói như vậy không rồi mới tin.",
            ),
            "Đọc một tin lạ trên mạng thì nên làm gì trước?",
            ("Xem ai đăng và tìm thêm nơi khác", "Tin ngay", "Gửi cho mọi người"),
        ),
        Words(
            "Finding and checking information",
            (
                "Searching by typing or by speaking to the phone.",
                "Seeing who wrote it, when, and whether others say the same, before believing it.",
            ),
            "You read strange news online. What comes first?",
            ("See who wrote it and look elsewhere", "Believe it", "Send it to everybody"),
        ),
    ),
    StartSkill(
        "selling",
        Words(
            "Mua bán trên mạng",
            (
                "Xem hàng, giá và lời khen chê; đặt mua, theo dõi đơn, trả hàng.",
                "Chụp ảnh, viết vài dòng để bán món mình làm ra.",
            ),
            "Mua hàng lần đầu ở chỗ lạ thì trả tiền cách nào yên tâm nhất?",
            ("Nhận và xem hàng rồi mới trả", "Chuyển hết tiền trước", "Cho họ mật khẩu ngân hàng"),
        ),
        Words(
            "Buying and selling online",
            (
                "Looking at goods, prices and what others say; ordering, following, sending back.",
                "Taking a photo and writing a few lines to sell what you make.",
            ),
            "What is the safest way to pay a shop you do not know?",
            ("Once I have seen the goods", "All of it beforehand", "By giving them my bank password"),
        ),
    ),
    StartSkill(
        "assistant",
        Words(
            "Hỏi trợ lý trí tuệ nhân tạo",
            (
                "Hỏi bằng lời thường ngày, nhờ giải thích, viết giúp, dịch giúp.",
                "Việc quan trọng thì hỏi lại người có chuyên môn; không gửi giấy tờ, mật khẩu.",
            ),
            "Trợ lý trên máy trả lời về bệnh tật thì nên làm gì?",
            ("Hỏi lại bác sĩ", "Làm theo ngay", "Ngừng mọi thuốc đang uống"),
        ),
        Words(
            "Asking an AI assistant",
            (
                "Asking in everyday words; letting it explain, write and translate.",
                "Asking an expert again when it matters; sending it no papers and no passwords.",
            ),
            "The assistant tells you about an illness. What do you do?",
            ("Ask a doctor again", "Do it at once", "Stop all my medicine"),
        ),
    ),
)
