// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/app/main_window.hpp"

#include <QAction>
#include <QCloseEvent>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QLabel>
#include <QMenuBar>
#include <QMessageBox>
#include <QProgressBar>
#include <QScreen>
#include <QSettings>
#include <QStackedWidget>
#include <QStatusBar>

#include "ide/app/debug_actions.hpp"
#include "ide/app/docks.hpp"
#include "ide/app/project_maker.hpp"
#include "ide/app/workbench.hpp"
#include "ide/model/background.hpp"
#include "ide/views/bytecode_view.hpp"
#include "ide/views/console_view.hpp"
#include "ide/views/editor_tabs.hpp"
#include "ide/views/picker.hpp"
#include "ide/views/problems_view.hpp"
#include "ide/views/size_view.hpp"
#include "ide/views/welcome_view.hpp"
#include "sdk/project/project.hpp"
#include "sdk/project/sdk_folders.hpp"

namespace rbpf::app {

namespace {

constexpr int kMostRecent = 10;
constexpr int kStatusMs = 10000;

QString words(const std::string& text) {
    return QString::fromStdString(text);
}

/// The folder at or above `path` that holds a rbpf.json; "" = none.
QString projectOf(const QString& path) {
    QDir folder(QFileInfo(path).isDir() ? path : QFileInfo(path).absolutePath());
    do {
        if (folder.exists(QString::fromLatin1(project::kConfigName))) {
            return folder.absolutePath();
        }
    } while (folder.cdUp());
    return {};
}

} // namespace

MainWindow::MainWindow()
    : pages_(new QStackedWidget), welcome_(new views::WelcomeView), editors_(new views::EditorTabs),
      bytecode_(new views::BytecodeView), problems_(new views::ProblemsView), size_(new views::SizeView),
      console_(new views::ConsoleView), boardLabel_(new QLabel), sizeLabel_(new QLabel),
      progress_(new QProgressBar), docks_(std::make_unique<Docks>(*this)) {
    resize(QGuiApplication::primaryScreen()->availableSize().boundedTo({1280, 800}));
    setDockNestingEnabled(true);
    // The sides reach down to the status bar: what is below the text is as wide as the text.
    setCorner(Qt::BottomLeftCorner, Qt::LeftDockWidgetArea);
    setCorner(Qt::BottomRightCorner, Qt::RightDockWidgetArea);
    bench_ = std::make_unique<Workbench>(Workbench{*this, *docks_, build_, boards_, deploy_, debug_, *editors_, *bytecode_,
                                                   *console_, *size_});
    bench_->jump = [this](const QString& file, unsigned line, unsigned column) { jump(file, line, column); };
    bench_->tell = [this](const QString& message, const QString& hint, bool isError) { tell(message, hint, isError); };
    bench_->startDebugging = [this](bool invoke) { startDebugging(invoke); };
    bench_->takeSeat = [this] { startDebugging(false, true); };
    maker_ = std::make_unique<ProjectMaker>(*this, bench_->tell);
    makeViews();
    makeActions();
    connectModels();
    addFeatures(*bench_);
    bench_->menus.view->addMenu(createPopupMenu())->setText(tr("&Panels"));
    restore();
    boards_.refresh();
    maker_->listTemplates([this](const std::vector<project::Template>& templates) { welcome_->showTemplates(templates); });
}

MainWindow::~MainWindow() = default;

void MainWindow::openPath(const QString& path) {
    const QString folder = projectOf(path);
    if (folder.isEmpty()) {
        tell(tr("%1 is not a project: there is no rbpf.json").arg(path), tr("File › New project makes one"), true);
        return;
    }
    openProject(folder, QFileInfo(path).isDir() ? QString() : path);
}

void MainWindow::openProject(const QString& folder, const QString& file) {
    editors_->whenMayClose([this, folder, file] {
        showProject(folder);
        if (!file.isEmpty()) {
            editors_->open(file);
        }
    });
}

void MainWindow::showProject(const QString& folder) {
    debug_.stop();
    editors_->closeAll();
    pages_->setCurrentWidget(editors_);
    docks_->arrange(Arrangement::Writing);
    setWindowTitle(QFileInfo(folder).fileName());
    rememberRecent(folder);
    build_.setFolder(folder.toStdString());
    model::inBackground(this, [path = folder.toStdString()] { return project::load(path); },
                        [this, folder](const support::Result<project::LoadedProject>& loaded) {
                            if (words(build_.folder().string()) != folder) {
                                return;
                            }
                            if (!loaded) {
                                tell(words(loaded.error().message), words(loaded.error().hint), true);
                            } else if (!loaded->project && !loaded->diagnostics.empty()) {
                                const support::Diagnostic& first = loaded->diagnostics.front();
                                jump(QString::fromLatin1(project::kConfigName), first.range.line, first.range.column);
                                tell(words(first.message), words(first.hint), true);
                            } else if (loaded->project && editors_->current() == nullptr) {
                                editors_->open(loaded->project->sources.empty()
                                                   ? QDir(folder).filePath(QString::fromLatin1(project::kConfigName))
                                                   : words(loaded->project->sources.front().string()));
                            }
                            build_.build();
                        });
}

void MainWindow::closeProject() {
    editors_->whenMayClose([this] { showWelcome(); });
}

void MainWindow::showWelcome() {
    debug_.stop();
    editors_->closeAll();
    build_.setFolder({});
    problems_->show({});
    size_->clear();
    bytecode_->show({});
    sizeLabel_->clear();
    setWindowTitle({});
    pages_->setCurrentWidget(welcome_);
    docks_->arrange(Arrangement::Welcome);
}

void MainWindow::newProject(const QString& chosen) {
    maker_->ask(chosen, [this](const QString& folder) { openProject(folder); });
}

void MainWindow::tryIt() {
    maker_->makeFirst([this](const QString& folder) {
        debugAfterOpen_ = true;
        openProject(folder);
    });
}

void MainWindow::chooseProject() {
    const QString folder = QFileDialog::getExistingDirectory(this, tr("Open a project's folder"));
    if (!folder.isEmpty()) {
        openPath(folder);
    }
}

void MainWindow::rememberRecent(const QString& folder) {
    QSettings settings;
    QStringList recent = settings.value(QStringLiteral("recent")).toStringList();
    recent.removeAll(folder);
    recent.prepend(folder);
    while (recent.size() > kMostRecent) {
        recent.removeLast();
    }
    settings.setValue(QStringLiteral("recent"), recent);
    welcome_->showRecent(recent);
}

QString MainWindow::absolute(const QString& file) const {
    return QDir::cleanPath(QDir(words(build_.folder().string())).absoluteFilePath(file));
}

/// Into the editors that have none yet, or all of them after a good build: between two good builds they move with the
/// text.
void MainWindow::showLineCosts() {
    const auto good = build_.lastGood();
    if (!good) {
        return;
    }
    for (views::CodeEditor* editor : editors_->editors()) {
        if (good != build_.last() && editor->hasCosts()) {
            continue;
        }
        std::map<unsigned, model::LineCost> costs;
        for (const auto& [file, lines] : good->costs) {
            if (absolute(words(file)) == editor->path()) {
                costs = lines;
            }
        }
        editor->showCosts(costs);
    }
}

/// Problems, costs and bytecode of the last build.
void MainWindow::showBuild() {
    const auto last = build_.last();
    if (!last) {
        return;
    }
    problems_->show(last->result.diagnostics);
    findChild<QDockWidget*>(tr("Problems"))
        ->setWindowTitle(problems_->errors() + problems_->warnings() > 0
                             ? tr("Problems (%1)").arg(problems_->errors() + problems_->warnings())
                             : tr("Problems"));
    for (views::CodeEditor* editor : editors_->editors()) {
        std::vector<support::Diagnostic> here;
        for (const support::Diagnostic& one : last->result.diagnostics) {
            if (absolute(words(one.range.file)) == editor->path()) {
                here.push_back(one);
            }
        }
        editor->showDiagnostics(here);
    }
    showLineCosts();
    showCosts();
}

void MainWindow::showCosts() {
    const auto good = build_.lastGood();
    if (!good) {
        return;
    }
    const auto before = build_.before();
    const model::BoardState* board = boards_.selectedBoard();
    size_->show(good->result.size, before ? &before->result.size : nullptr,
                board != nullptr && board->info ? &*board->info : nullptr);
    sizeLabel_->setText(tr("%1 instructions, %2 B image, stack %3/%4 B")
                            .arg(good->result.size.instructions)
                            .arg(good->result.size.image)
                            .arg(good->result.size.stack)
                            .arg(good->result.size.stackLimit));
    if (debug_.state() == model::DebugModel::State::Off) {
        bytecode_->show(good->code);
    }
}

void MainWindow::deploy() {
    if (!build_.isOpen()) {
        tell(tr("There is no project to deploy"), tr("File › Open project, or File › New project"), true);
        return;
    }
    editors_->saveAll([this] {
        deployAfterBuild_ = true;
        build_.build();
    });
}

void MainWindow::startDebugging(bool invoke, bool take) {
    if (!build_.isOpen()) {
        tell(tr("There is no project to debug"), tr("File › Open project, or File › New project"), true);
        return;
    }
    editors_->saveAll([this, invoke, take] { debugSaved(invoke, take); });
}

void MainWindow::debugSaved(bool invoke, bool take) {
    dap::Settings settings;
    settings.program = build_.folder();
    settings.board = boards_.selected().toStdString();
    settings.stopOnEntry = debug_.breakpoints().empty();
    settings.invoke = invoke;
    settings.take = take;
    tell(tr("Building, deploying and attaching"), {}, false);
    debug_.restart(std::move(settings)); // a session that goes on ends first
}

void MainWindow::jump(const QString& file, unsigned line, unsigned column) {
    bring(file, line, column)->setFocus();
}

/// The keys stay where they are.
views::CodeEditor* MainWindow::bring(const QString& file, unsigned line, unsigned column) {
    // Debug information names the SDK's headers so that it is the same on every machine.
    static const QString kHeaders = QStringLiteral("/rbpf/headers");
    const QString there = file.startsWith(kHeaders + QLatin1Char('/')) ? words(project::headersFolder().string()) + file.mid(kHeaders.size())
                                                                      : absolute(file);
    views::CodeEditor* editor = editors_->bring(there);
    editor->bring(line, column);
    bytecode_->showLine(file, line);
    return editor;
}

void MainWindow::tell(const QString& message, const QString& hint, bool isError) {
    if (message.isEmpty()) {
        return;
    }
    const QString all = hint.isEmpty() ? message : message + tr(" — %1").arg(hint);
    statusBar()->showMessage(all, kStatusMs);
    console_->add(isError ? views::ConsoleView::Kind::Error : views::ConsoleView::Kind::Tool, all);
    if (isError) {
        docks_->show(tr("Console"));
    }
}

void MainWindow::showBoard() {
    const model::BoardState* board = boards_.selectedBoard();
    boardLabel_->setText(board == nullptr ? tr("no board selected")
                         : board->info    ? tr("%1 (%2)").arg(words(board->record.id), words(board->info->board))
                                          : tr("%1: no answer").arg(words(board->record.id)));
    showCosts();
}

void MainWindow::palette() {
    std::vector<views::Picker::Entry> all;
    for (const QAction* menu : menuBar()->actions()) {
        for (QAction* action : menu->menu()->actions()) {
            if (!action->isSeparator() && action->menu() == nullptr) {
                QString name = action->text();
                name.remove(QLatin1Char('&'));
                all.push_back({name, action->shortcut().toString(QKeySequence::NativeText), [action] { action->trigger(); },
                               action->isEnabled()});
            }
        }
    }
    views::Picker::open({tr("Commands"), tr("Type a part of a command's name")}, std::move(all), this);
}

void MainWindow::restore() {
    QSettings settings;
    restoreGeometry(settings.value(QStringLiteral("geometry")).toByteArray());
    docks_->restore();
    welcome_->showRecent(settings.value(QStringLiteral("recent")).toStringList());
}

/// Everything takes its colours anew.
void MainWindow::changeEvent(QEvent* event) {
    QMainWindow::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && debugActions_) {
        Q_EMIT boards_.changed();
        showBuild();
        if (debug_.code()) {
            bytecode_->show(*debug_.code());
        }
        Q_EMIT debug_.stateChanged();
    }
}

void MainWindow::closeEvent(QCloseEvent* event) {
    if (!editors_->unsaved().empty()) {
        event->ignore();
        editors_->whenMayClose([this] {
            editors_->closeAll();
            close();
        });
        return;
    }
    debug_.stop();
    editors_->closeAll();
    docks_->save();
    QSettings().setValue(QStringLiteral("geometry"), saveGeometry());
    event->accept();
}

} // namespace rbpf::app
