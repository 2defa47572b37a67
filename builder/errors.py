"""The exceptions that Slugline raises, as one tree.

    SluglineError
    ├── ContentError         the content, a template or site.yaml has errors (diagnostics)
    ├── Misread              a value cannot be read (diagnostics)
    │   └── MisreadAt        … at a column of it
    │       └── FormulaCircle  figures are derived from each other (quantity)
    ├── Doubt                only the full parser can read a text (content)
    ├── FontError            a file is not a font that pages can load (appearance)
    ├── IconError            a picture cannot be the icon (appearance)
    ├── BadPictureError      a file is not a picture that can be published (media)
    │   └── ActivePictureError  … because it is a drawing that does more than draw
    ├── LexiconError         a lexicon cannot be read (language)
    ├── UnknownShape         a stemmer has a statement that has no translation (search)
    ├── OutputError          the output cannot be written (output)
    ├── SourceLost           a file that is published as it is has gone (output)
    ├── StoreDamaged         a value in .slugline/ is not as it was kept (store)
    ├── WorkerDied           a process that was forked has ended (parallel)
    ├── EditError            a file cannot be edited without changing more (editing)
    ├── EditConflict         a file has changed since it was read (editing)
    ├── EditLocked           another command is changing files (edit_lock)
    ├── TemplateError        a template cannot be copied or merged (editing)
    ├── CannotPack           the program is not installed (editing)
    ├── CannotCreate         a new file or site cannot be written (editing)
    │   └── NeedsSlug        … because its address is taken or invalid
    ├── ClipError            a page cannot be read, or gives nothing for a brief (clip)
    ├── GitError             a Git command failed (git)
    ├── FetchError           another site sends no response (fetch)
    ├── ArchiveError         an archive gives no usable answer (evidence)
    │   └── Unfinished       … yet, since it still makes a capture
    ├── Stopped              a run over all sources was interrupted (evidence)
    ├── SourceError          a place with reactions gives no usable answer (replies)
    ├── CannotMerge          a file of reactions is laid out in another way (replies)
    ├── MissingExtra         a library of an extra is not installed (extras)
    ├── DeployError          a target cannot be reached or changed (deploy)
    │   └── RcloneError      … as rclone reports it
    ├── MailError            a message cannot be made or sent (mail)
    ├── QueryError           a query of the record cannot be read or run (ask)
    │   └── UnknownOutcome   … or may have been sent, without an answer
    ├── NoSuchBrief          no brief, or several, have a name (editing)
    ├── CannotPublish        a brief is not a draft, or needs a decision (editing)
    │   ├── NeedsDate        … because its date is in the past
    │   └── HasErrors        … because it has errors
    ├── NotACorrection       a correction cannot be read (editing)
    ├── NothingToCorrect     no correction can be made of a difference (editing)
    ├── FormRefused          a posted form is too large, or cannot be read (serve)
    ├── BadArchive           an archive of another system cannot be read (importers)
    ├── BadPost              one of its posts cannot be read, and is left out (importers)
    ├── CannotListen         no address to listen on is free (serve)
    ├── AlreadyServed        a preview of this site is running (serve)
    ├── ServerEnded          the server process of a preview has ended (serve)
    └── NoAnswer             a question of a text editor has no answer (language_server)

Each is defined in the room that raises it. Mistakes in content are values, not exceptions: a
ContentError carries them where nothing can be made of the content."""

from __future__ import annotations


class SluglineError(Exception):
    """Something that Slugline cannot do, with a message for its user."""
