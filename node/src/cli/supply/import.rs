//! Lists of goods into the ledger.

use jiff::civil::Date;
use yilian_core::import::{GoodsList, plan_goods};
use yilian_node::Node;
use yilian_node::read_table::read_table;

use super::super::args::FileArguments;
use super::super::context::Context;
use super::super::documents::held;
use super::super::failure::Failure;
use super::super::import::{refused, report, unreadable};

pub(super) async fn run(
    context: &Context,
    node: Node,
    file: &FileArguments,
    stocktaking: bool,
    day: Option<Date>,
) -> Result<(), Failure> {
    let list = match stocktaking {
        true => GoodsList::Stocktaking,
        false => GoodsList::Contributions,
    };
    let table = read_table(&file.file, file.sheet.as_deref()).map_err(unreadable)?;
    let message = format!("import {}", table.file);
    let planned = node.import_goods(&message, file.dry_run, move |documents, ledger, desk| {
        plan_goods(list, &table, day, &held(documents), ledger, desk)
    });
    let plan = planned.await?.map_err(refused)?;
    node.stop().await;
    report(context, &plan, file.dry_run)
}
