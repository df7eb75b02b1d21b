// SPDX-License-Identifier: GPL-3.0-or-later
// How the window is put together: views, commands, and what hears of what.
#include "ide/app/main_window.hpp"

#include <QAction>
#include <QLabel>
#include <QMenuBar>
#include <QProgressBar>
#include <QStackedWidget>
#include <QStatusBar>
#include <QToolBar>

#include "ide/app/debug_actions.hpp"
#include "ide/app/docks.hpp"
#include "ide/app/new_project.hpp"
#include "ide/app/workbench.hpp"
#include "ide/views/bytecode_view.hpp"
#include "ide/views/console_view.hpp"
#include "ide/views/editor_tabs.hpp"
#include "ide/views/icons.hpp"
#include "ide/views/problems_view.hpp"
#include "ide/views/size_view.hpp"
#include "ide/views/welcome_view.hpp"

namespace rbpf::app {

void MainWindow::makeViews() {
    pages_->addWidget(welcome_);
    pages_->addWidget(editors_);
    setCentralWidget(pages_);
    auto* sizePanel = docks_->add(tr("Size and cost"), size_, Qt::RightDockWidgetArea, Arrangement::Writing);
    auto* bytecodePanel = docks_->add(tr("Bytecode"), bytecode_, Qt::RightDockWidgetArea, Arrangement::Writing);
    docks_->stack({sizePanel, bytecodePanel}, bytecodePanel);
    auto* problemsPanel = docks_->add(tr("Problems"), problems_, Qt::BottomDockWidgetArea, Arrangement::Writing);
    auto* consolePanel = docks_->add(tr("Console"), console_, Qt::BottomDockWidgetArea, Arrangement::Writing);
    docks_->stack({problemsPanel, consolePanel}, consolePanel);

    boardLabel_->setAccessibleName(tr("Selected board"));
    progress_->setMaximumWidth(160);
    progress_->hide();
    statusBar()->addPermanentWidget(progress_);
    statusBar()->addPermanentWidget(sizeLabel_);
    statusBar()->addPermanentWidget(boardLabel_);

    const auto jumpTo = [this](const QString& file, unsigned line) { jump(file, line); };
    connect(size_, &views::SizeView::activated, this, jumpTo);
    // Steps go by instructions as long as the bytecode has the keys.
    connect(bytecode_, &views::BytecodeView::lineActivated, this, [this](const QString& file, unsigned line) { bring(file, line); });
    connect(problems_, &views::ProblemsView::activated, this, &MainWindow::jump);
    connect(editors_, &views::EditorTabs::edited, this, [this] { build_.setUnsaved(editors_->unsaved()); });
    connect(editors_, &views::EditorTabs::saved, &build_, &model::BuildModel::check);
    connect(editors_, &views::EditorTabs::failed, this,
            [this](const QString& message, const QString& hint) { tell(message, hint, true); });
    connect(editors_, &views::EditorTabs::currentChanged, this, &MainWindow::showBuild);
    connect(welcome_, &views::WelcomeView::templateChosen, this, &MainWindow::newProject);
    connect(welcome_, &views::WelcomeView::openChosen, this, &MainWindow::chooseProject);
    connect(welcome_, &views::WelcomeView::recentChosen, this, &MainWindow::openPath);
    connect(welcome_, &views::WelcomeView::tryChosen, this, &MainWindow::tryIt);
}

void MainWindow::makeActions() {
    Workbench::Menus& menus = bench_->menus;
    QMenu* file = menus.file = menuBar()->addMenu(tr("&File"));
    addCommand(file, tr("&New project…"), QKeySequence::New, [this] { newProject(QString::fromLatin1(kFirstTemplate)); });
    addCommand(file, tr("&Open project…"), QKeySequence::Open, [this] { chooseProject(); });
    file->addSeparator();
    addCommand(file, tr("&Save"), QKeySequence::Save, [this] {
        const QPointer editor = editors_->current();
        bench_->beforeSave({editor}, [this, editor] { editors_->save(editor); });
    });
    addCommand(file, tr("Save &all"), Qt::CTRL | Qt::SHIFT | Qt::Key_S, [this] {
        const auto all = editors_->editors();
        bench_->beforeSave({all.begin(), all.end()}, [this] { editors_->saveAll(); });
    });
    file->addSeparator();
    addCommand(file, tr("&Close project"), Qt::CTRL | Qt::SHIFT | Qt::Key_W, [this] { closeProject(); });
    addCommand(file, tr("&Quit"), QKeySequence::Quit, [this] { close(); });

    QMenu* edit = menus.edit = menuBar()->addMenu(tr("&Edit"));
    const auto onEditor = [this](void (views::CodeEditor::*act)()) {
        return [this, act] {
            if (views::CodeEditor* editor = editors_->current()) {
                (editor->*act)();
            }
        };
    };
    addCommand(edit, tr("&Undo"), QKeySequence::Undo, onEditor(&views::CodeEditor::undo));
    addCommand(edit, tr("&Redo"), QKeySequence::Redo, onEditor(&views::CodeEditor::redo));
    edit->addSeparator();
    addCommand(edit, tr("&Find and replace"), QKeySequence::Find, [this] { editors_->showFind(); });
    addCommand(edit, tr("Find &next"), Qt::Key_F3, [this] { editors_->findNext(true); });
    addCommand(edit, tr("Find &previous"), Qt::SHIFT | Qt::Key_F3, [this] { editors_->findNext(false); });
    addCommand(edit, tr("&Comment or uncomment"), Qt::CTRL | Qt::Key_Slash,
               onEditor(&views::CodeEditor::toggleComment));

    menus.go = menuBar()->addMenu(tr("&Go"));
    QMenu* buildMenu = menus.build = menuBar()->addMenu(tr("&Build"));
    QToolBar* bar = bench_->bar = addToolBar(tr("Commands"));
    bar->setObjectName(QStringLiteral("commands"));
    bar->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    bar->setIconSize(QSize(16, 16));
    const auto onBar = [bar](views::Symbol symbol, QAction* action) {
        action->setIcon(views::icon(symbol));
        bar->addAction(action);
    };
    onBar(views::Symbol::Build, addCommand(buildMenu, tr("&Build"), Qt::CTRL | Qt::Key_B,
                              [this] { editors_->saveAll([this] { build_.build(); }); },
                              tr("Compile, link and verify the script")));
    onBar(views::Symbol::Deploy, addCommand(buildMenu, tr("&Deploy"), Qt::CTRL | Qt::Key_U, [this] { deploy(); },
                              tr("Build, send to the board, verify and run")));
    undoDeploy_ = addCommand(buildMenu, tr("&Undo deploy"), Qt::CTRL | Qt::SHIFT | Qt::Key_U, [this] { deploy_.undo(); },
                             tr("Put back the script that was there before"));
    undoDeploy_->setEnabled(false);
    addCommand(buildMenu, tr("&Cancel deploy"), {}, [this] { deploy_.cancel(); },
               tr("The slot keeps the script that it has"));
    bar->addSeparator();

    menus.board = menuBar()->addMenu(tr("B&oard"));
    QMenu* debugMenu = menus.debug = menuBar()->addMenu(tr("&Debug"));
    DebugActions::Hooks hooks;
    hooks.start = [this](bool invoke) { startDebugging(invoke); };
    hooks.restart = [this] {
        startDebugging(debug_.snapshot() != nullptr && debug_.snapshot()->stop.cause != RBPF_CAUSE_IDLE);
    };
    hooks.toggleBreakpoint = [this] {
        if (const views::CodeEditor* editor = editors_->current()) {
            debug_.toggleLine(editor->path(), editor->currentLine());
        }
    };
    hooks.runToCursor = [this] {
        if (const views::CodeEditor* editor = editors_->current()) {
            debug_.runToLine(editor->path(), editor->currentLine());
        }
    };
    hooks.byInstruction = [this] { return bytecode_->hasFocus(); };
    debugActions_ = std::make_unique<DebugActions>(debug_, std::move(hooks), debugMenu, bar);

    QMenu* view = menus.view = menuBar()->addMenu(tr("&View"));
    addCommand(view, tr("&Command palette"), Qt::CTRL | Qt::SHIFT | Qt::Key_P, [this] { palette(); });
    addCommand(view, tr("C&onsole"), Qt::CTRL | Qt::SHIFT | Qt::Key_M, [this] {
        docks_->show(tr("Console"));
    });
    addCommand(view, tr("&Reset the panels"), {}, [this] { docks_->reset(); });

    menus.help = menuBar()->addMenu(tr("&Help"));
}

void MainWindow::connectModels() {
    using model::DebugModel;
    connect(&build_, &model::BuildModel::finished, this, [this](bool written) {
        showBuild();
        const auto last = build_.last();
        if (written) {
            const bool ok = last->result.ok;
            tell(ok ? sizeLabel_->text() : tr("The build failed: %n error(s)", nullptr, problems_->errors()), {}, !ok);
            if (ok && deployAfterBuild_) {
                deploy_.deploy(boards_.selected(), last->result.image);
            } else if (!ok) {
                docks_->show(tr("Problems"));
            }
            deployAfterBuild_ = false;
        }
        if (debugAfterOpen_ && last->result.ok) {
            debugAfterOpen_ = false;
            startDebugging(true);
        }
    });
    const auto failed = [this](const QString& message, const QString& hint) {
        progress_->hide();
        deployAfterBuild_ = false;
        tell(message, hint, true);
    };
    connect(&build_, &model::BuildModel::failed, this, failed);
    connect(&boards_, &model::BoardsModel::failed, this, failed);
    connect(&boards_, &model::BoardsModel::busy, this, [this](const QString& what) { tell(what, {}, false); });
    connect(&boards_, &model::BoardsModel::changed, this, &MainWindow::showBoard);
    connect(&deploy_, &model::DeployModel::started, this, [this](const QString& what) {
        progress_->setRange(0, 0);
        progress_->show();
        statusBar()->showMessage(what);
    });
    const auto showProgress = [this](qulonglong done, qulonglong total) {
        progress_->setRange(0, static_cast<int>(total));
        progress_->setValue(static_cast<int>(done));
        progress_->setVisible(done < total);
    };
    connect(&deploy_, &model::DeployModel::progress, this, showProgress);
    connect(&deploy_, &model::DeployModel::failed, this, failed);
    connect(&deploy_, &model::DeployModel::finished, this, [this](const QString& sentence) {
        progress_->hide();
        undoDeploy_->setEnabled(deploy_.canUndo());
        tell(sentence, {}, false);
        boards_.refresh();
    });
    connect(&debug_, &DebugModel::progress, this,
            [showProgress](const QString&, qulonglong done, qulonglong total) { showProgress(done, total); });
    connect(&debug_, &DebugModel::attached, this, [this](const QString& what) {
        tell(what, {}, false);
        boards_.refresh(); // it may have been started for this
    });
    connect(&debug_, &DebugModel::notice, this, [this](const QString& what) { tell(what, {}, false); });
    connect(&debug_, &DebugModel::output, this,
            [this](const QString& text) { console_->add(views::ConsoleView::Kind::Board, text); });
    connect(&debug_, &DebugModel::refused, this, failed);
    connect(&debug_, &DebugModel::over, this, [this](const QString& message, const QString& hint) {
        progress_->hide();
        tell(message.isEmpty() ? tr("The debugging session has ended; the script goes on.") : message, hint,
             !message.isEmpty());
        boards_.refresh();
    });
}

} // namespace rbpf::app
