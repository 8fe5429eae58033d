use std::path::Path;

use serde_json::json;

use super::context::Context;
use super::failure::Failure;
use super::out;

pub(crate) async fn run(context: &Context, directory: &Path) -> Result<(), Failure> {
    let node = context.open().await?;
    let mut files = Vec::new();
    for name in node.names().await? {
        let saved = node
            .read(vec![name.clone()], {
                let name = name.clone();
                move |documents| {
                    documents
                        .get(&name)
                        .map(yilian_core::document::LiveDocument::save)
                }
            })
            .await?;
        node.close(vec![name.clone()])?;
        let Some(bytes) = saved else { continue };
        let file = directory.join(format!("{name}.automerge"));
        write(&file, &bytes).map_err(|error| {
            Failure::from_error(
                (
                    &format!("写不了 {}", file.display()),
                    &format!("cannot write {}", file.display()),
                ),
                &error,
            )
        })?;
        files.push(file);
    }
    node.stop().await;
    if context.json {
        return out::json(&json!({ "files": files }));
    }
    let (count, directory) = (files.len(), directory.display());
    context.say(
        &format!("已导出 {count} 个文件到 {directory}"),
        &format!("{count} files written to {directory}"),
    )
}

fn write(file: &Path, bytes: &[u8]) -> std::io::Result<()> {
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder)?;
    }
    std::fs::write(file, bytes)
}
