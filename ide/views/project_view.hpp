// SPDX-License-Identifier: GPL-3.0-or-later
// The project's folder as a tree. What is asked of it by keys or its menu is said, not done.
#pragma once

#include <QTreeView>

class QFileSystemModel;

namespace rbpf::views {

class ProjectView : public QTreeView {
    Q_OBJECT
public:
    explicit ProjectView(QWidget* parent = nullptr);

    /// "": none.
    void show(const QString& folder);
    /// Chooses a file and scrolls to it.
    void select(const QString& path);

Q_SIGNALS:
    void fileClicked(const QString& path);   ///< the panel keeps the keys
    void fileActivated(const QString& path); ///< by Return or a double click: to write in it
    void newFileAsked(const QString& folder);
    void newFolderAsked(const QString& folder);
    void renameAsked(const QString& path);
    void removeAsked(const QString& path);

protected:
    bool event(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    [[nodiscard]] QAction* actionOf(const QKeyEvent& event) const;
    void showMenu(const QPoint& place);
    [[nodiscard]] QString chosen() const;
    /// The chosen folder, or the one that the chosen file lies in.
    [[nodiscard]] QString chosenFolder() const;

    QFileSystemModel* model_ = nullptr;
    QAction *newFile_, *newFolder_, *rename_, *remove_;
};

} // namespace rbpf::views
