//! The words that a county is made of.

pub(super) const TOWNS: [(&str, &str); 12] = [
    ("jiefang", "解放"),
    ("shanyang", "山阳"),
    ("zhongzhan", "中站"),
    ("macun", "马村"),
    ("xiuwu", "修武"),
    ("boai", "博爱"),
    ("wuzhi", "武陟"),
    ("wenxian", "温县"),
    ("qinyang", "沁阳"),
    ("mengzhou", "孟州"),
    ("chengxiang", "城乡"),
    ("xinhua", "新华"),
];

pub(super) const TRADES: [&str; 8] = [
    "快递",
    "环卫",
    "外卖骑手",
    "货运",
    "公交",
    "建筑",
    "网约车",
    "保安",
];

pub(super) const SURNAMES: [&str; 40] = [
    "王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙", "胡", "朱", "高", "林",
    "何", "郭", "马", "罗", "梁", "宋", "郑", "谢", "韩", "唐", "冯", "于", "董", "萧", "程", "曹",
    "袁", "邓", "许", "傅", "沈", "曾", "彭", "吕",
];

pub(super) const GIVEN: [&str; 48] = [
    "伟", "芳", "娜", "敏", "静", "丽", "强", "磊", "军", "洋", "勇", "艳", "杰", "娟", "涛", "明",
    "超", "霞", "平", "刚", "桂", "英", "华", "玉", "兰", "红", "建", "国", "文", "博", "志", "海",
    "燕", "春", "梅", "宇", "浩", "晨", "雪", "琳", "佳", "欣", "凯", "鑫", "辉", "亮", "慧", "颖",
];

/// What a typist writes for another character: the same sound, another word.
pub(super) const SLIPS: [&str; 12] = [
    "方", "纳", "民", "净", "俐", "墙", "雷", "君", "阳", "永", "焰", "节",
];

pub(super) const AMENITIES: [&str; 10] = [
    "books",
    "charging",
    "drinking-water",
    "first-aid",
    "meals",
    "microwave",
    "rest",
    "shower",
    "toilet",
    "wifi",
];

pub(super) const FRONT: &str = "前台";
pub(super) const WATCH: &str = "值守";
pub(super) const HOTLINE: &str = "夜间热线";
pub(super) const WINDOW: &str = "窗口";

/// The posts, and whether each may run at any hour.
pub(super) const POSTS: [(&str, bool); 5] = [
    (FRONT, false),
    (WATCH, false),
    (HOTLINE, true),
    (WINDOW, false),
    ("心理咨询", false),
];

/// Who mediates at a home or a station.
pub(super) const MEDIATOR: &str = "调解员";

/// The specialists' emergency telephone.
pub(super) const EMERGENCY: &str = "急诊调解热线";

/// The posts of the county's specialists: a court, an arbitration commission, the labour administration and the union's lawyers and
/// counsellors send them.
pub(super) const SPECIALISTS: [&str; 5] = [
    "值班法官",
    "劳动仲裁员",
    "劳动关系协调员",
    "法律援助律师",
    "心理咨询师",
];

pub(super) const VENUES: [(&str, i64); 3] = [("会议室", 40), ("培训教室", 60), ("活动室", 25)];

/// Services, what sort each is, and the post that staffs it.
pub(super) const SERVICES: [(&str, &str, &str); 3] = [
    ("法律咨询", "legal-aid", FRONT),
    ("义务理发", "haircut", FRONT),
    ("健康检查", "health", FRONT),
];

/// The service that no roster staffs.
pub(super) const UNSTAFFED: (&str, &str, &str) = ("心理疏导", "counselling", "心理咨询");

/// Goods, what they are counted in, and their sort.
pub(super) const ITEMS: [(&str, &str, &str); 6] = [
    ("手套", "双", "clothing"),
    ("毛巾", "条", "daily"),
    ("口罩", "只", "daily"),
    ("劳保鞋", "双", "clothing"),
    ("矿泉水", "瓶", "food"),
    ("雨衣", "件", "clothing"),
];

pub(super) const NOTES: [&str; 6] = [
    "改到后门",
    "带钥匙",
    "提前十分钟到",
    "与小王对班",
    "送一次水",
    "下雨改室内",
];

pub(super) const TROUBLES: [&str; 6] = [
    "饮水机坏了",
    "充电柜没有电",
    "微波炉打不着",
    "空调漏水",
    "想问工伤怎么认定",
    "工资拖欠两个月",
];

pub(super) const PURPOSES: [&str; 5] = ["班前会", "技能培训", "工会小组会", "读书会", "调解"];

/// Names of employers, between town and trade.
pub(super) const FIRMS: [&str; 12] = [
    "顺达", "宏远", "鑫源", "万隆", "恒通", "华泰", "金鼎", "瑞丰", "同盛", "嘉禾", "远航", "正阳",
];

/// What they do.
pub(super) const FIRM_TRADES: [&str; 8] = [
    "物流",
    "建筑劳务",
    "餐饮",
    "保洁服务",
    "保安服务",
    "机械制造",
    "快递服务",
    "服饰",
];

/// Why a dispute is none for mediators.
pub(super) const DECLINED: [&str; 3] = [
    "不属于劳动争议",
    "已进入仲裁程序",
    "用人单位不在本县，已告知去处",
];

/// Why parties came to no agreement.
pub(super) const FAILED: [&str; 3] = [
    "双方对金额分歧较大",
    "用人单位两次未到场",
    "对劳动关系是否成立有争议",
];
