use serde_json::json;
use yilian_core::document::{Kind, Month, Name};
use yilian_core::rules::{self, Finding, Findings, Holdings, Severity};
use yilian_node::{Node, Role};

use super::args;
use super::context::{Context, names};
use super::failure::Failure;
use super::out;
use super::shift_id::short;

pub(crate) async fn run(context: &Context, asked: &args::Findings) -> Result<(), Failure> {
    let node = context.open().await?;
    let found = find(&node, asked.month).await?;
    match &asked.fix {
        Some(id) => fix(context, &node, &found, id, asked.repair).await?,
        None => show(context, &found)?,
    }
    node.stop().await;
    Ok(())
}

/// The findings on everything that is here.
async fn find(node: &Node, month: Option<Month>) -> Result<Findings, Failure> {
    let settled = node.settled(&[Kind::Inbox, Kind::Cases]).await?;
    let wanted = |name: &Name| rules::reads(name, month) && !settled.contains_key(name);
    let own = node.profile().site.clone().into_iter().flat_map(|site| {
        let (school, courses) = (site.clone(), site.clone());
        [
            Name::People { site },
            Name::School { site: school },
            Name::Courses { site: courses },
        ]
    });
    let read = names(node, wanted, own.chain([Name::Sites]).collect()).await?;
    let now = node.clock().civil();
    let holds_all = node.profile().role == Role::Hub;
    let own_site = node.profile().site.clone();
    let network = node.profile().network.clone();
    let found = node
        .read(read, move |documents| {
            let mut holdings = Holdings::new(now);
            holdings.set_network(network);
            for document in documents.iter() {
                holdings.add(document);
            }
            for name in settled.into_keys() {
                holdings.add_settled(name);
            }
            if holds_all {
                holdings.add_nothing_else();
            }
            // A site subscribes to every roster and all bookings, and writes its own: what is not here nobody has begun.
            if let (Some(site), Some(month)) = (own_site, month) {
                for month in month.around() {
                    let site = || site.clone();
                    let roster = Name::Roster {
                        site: site(),
                        month,
                    };
                    let bookings = Name::Bookings {
                        site: site(),
                        month,
                    };
                    for name in [roster, bookings] {
                        if documents.get(&name).is_none() {
                            holdings.add_empty(name);
                        }
                    }
                }
            }
            rules::findings(&holdings, month)
        })
        .await?;
    Ok(found)
}

fn show(context: &Context, found: &Findings) -> Result<(), Failure> {
    if context.json {
        return out::json(&json!(found));
    }
    for finding in &found.findings {
        let severity = severity(context, finding.severity);
        let repairs = !finding.repairs.is_empty();
        out::line(&format!(
            "{severity}  {}  [{}]",
            context.text(&finding.text),
            short(&finding.id)
        ))?;
        for (number, repair) in finding.repairs.iter().enumerate().filter(|_| repairs) {
            out::line(&format!(
                "      {}. {}",
                number + 1,
                context.text(&repair.label)
            ))?;
        }
    }
    if found.findings.is_empty() {
        context.say("没有发现问题", "nothing was found")?;
    }
    for not_checked in &found.not_checked {
        out::line(&format!(
            "{}  {}",
            context.pick("未检查", "not checked"),
            context.text(&not_checked.text)
        ))?;
    }
    if found
        .findings
        .iter()
        .any(|finding| !finding.repairs.is_empty())
    {
        context.say(
            "采用修复：yilian findings --fix 编号 [--repair 第几个]",
            "to make a repair: yilian findings --fix ID [--repair N]",
        )?;
    }
    Ok(())
}

fn severity(context: &Context, severity: Severity) -> &str {
    match severity {
        Severity::Error => context.pick("错误", "error  "),
        Severity::Warning => context.pick("警告", "warning"),
        Severity::Notice => context.pick("提示", "notice "),
    }
}

async fn fix(
    context: &Context,
    node: &Node,
    found: &Findings,
    asked: &str,
    number: usize,
) -> Result<(), Failure> {
    let finding = one(found, asked)?;
    let repair = number
        .checked_sub(1)
        .and_then(|index| finding.repairs.get(index))
        .ok_or_else(|| {
            let count = finding.repairs.len();
            Failure::usage(
                format!("它有 {count} 个修复，没有第 {number} 个"),
                format!("it has {count} repairs, there is no repair {number}"),
            )
        })?;
    node.edit(
        repair.edits.clone(),
        &format!("repair {}: {}", finding.rule, repair.label.zh),
    )
    .await?;
    if context.json {
        return out::json(&json!({ "fixed": finding.id, "repair": repair.label }));
    }
    let (zh, en) = (&repair.label.zh, &repair.label.en);
    context.say(&format!("已修复：{zh}"), &format!("done: {en}"))
}

/// The finding with this id, or whose id alone begins or ends so.
fn one<'a>(found: &'a Findings, asked: &str) -> Result<&'a Finding, Failure> {
    let digits = asked.trim().to_ascii_lowercase();
    let mut matching = found.findings.iter().filter(|finding| {
        let id = finding.id.to_string();
        !digits.is_empty() && (id.starts_with(&digits) || id.ends_with(&digits))
    });
    match (matching.next(), matching.next()) {
        (Some(finding), None) => Ok(finding),
        (None, _) => Err(Failure::new(
            format!("没有编号为 {asked} 的问题"),
            format!("there is no finding {asked}"),
        )),
        (Some(_), Some(_)) => Err(Failure::new(
            format!("编号 {asked} 对得上好几个问题，请多写几位"),
            format!("{asked} may be several findings: give more digits"),
        )),
    }
}
