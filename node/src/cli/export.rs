use std::path::Path;

use serde_json::json;
use yilian_core::document::LiveDocument;
use yilian_core::rules::Text;
use yilian_node::ReadError;

use super::context::Context;
use super::failure::Failure;
use super::out;

pub(crate) async fn run(context: &Context, directory: &Path) -> Result<(), Failure> {
    let node = context.open().await?;
    let mut files = Vec::new();
    let mut damaged = Vec::new();
    for name in node.names().await? {
        let read = node
            .read(vec![name.clone()], {
                let name = name.clone();
                move |documents| documents.get(&name).map(LiveDocument::save)
            })
            .await;
        node.close(vec![name.clone()])?;
        let bytes = match read {
            Ok(Some(bytes)) => bytes,
            Ok(None) => continue,
            // The others are wanted all the more.
            Err(ReadError::Damaged { name }) => {
                damaged.push(Text::new(
                    format!("{name}：损坏"),
                    format!("{name}: damaged"),
                ));
                continue;
            }
            Err(error) => return Err(error.into()),
        };
        let file = directory.join(format!("{name}.automerge"));
        write(&file, &bytes).map_err(|error| {
            let file = file.display();
            Failure::from_error(
                (&format!("写不了 {file}"), &format!("cannot write {file}")),
                &error,
            )
        })?;
        files.push(file);
    }
    node.stop().await;
    let (count, directory) = (files.len(), directory.display());
    if context.json {
        out::json(&json!({ "files": files }))?;
    } else {
        context.say(
            &format!("已导出 {count} 个文件到 {directory}"),
            &format!("{count} files written to {directory}"),
        )?;
    }
    if damaged.is_empty() {
        return Ok(());
    }
    let count = damaged.len();
    Err(Failure::Failed(
        Text::new(
            format!("{count} 个文档损坏，没有导出；用 yilian doctor 查看"),
            format!("{count} documents are damaged and were not written; see yilian doctor"),
        ),
        damaged,
    ))
}

fn write(file: &Path, bytes: &[u8]) -> std::io::Result<()> {
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder)?;
    }
    std::fs::write(file, bytes)
}
