using ClosedLoop.Facts;

namespace ClosedLoop.Core.Tests.Lines.Model;

/// <summary>
/// One thing that happened in a delivery, as a person would tell it. <see cref="HappeningFacts"/> says how sources report it, and
/// <see cref="ReferenceCoverage"/> what the record has to say at the end.
/// </summary>
internal abstract record Happening(DateTimeOffset At)
{
    /// <summary>Somebody opened a work item.</summary>
    internal sealed record Opened(DateTimeOffset At, Key Item) : Happening(At);

    /// <summary>A pull request was opened; without an item it stands for itself.</summary>
    internal sealed record Proposed(DateTimeOffset At, Key Pr, Key? Item) : Happening(At);

    /// <summary>A commit came to be. A parent whose own node never comes is that of a pull request's branch.</summary>
    internal sealed record Committed(DateTimeOffset At, Key Commit, Key[] Parents) : Happening(At);

    /// <summary>A change merged, by its own source.</summary>
    internal sealed record Merged(DateTimeOffset At, Key Change, Key Commit) : Happening(At);

    /// <summary>A commit landed on a branch: for a pull request, or directly, perhaps for an item.</summary>
    internal sealed record Landed(DateTimeOffset At, Key Commit, string Branch, Key? Pr, Key? Item, string[]? Paths) : Happening(At);

    /// <summary>A commit or a pull request undoes commits or pull requests.</summary>
    internal sealed record Reverted(DateTimeOffset At, Key By, Key[] Targets, bool Lost) : Happening(At);

    /// <summary>A commit has the content of others.</summary>
    internal sealed record Repeated(DateTimeOffset At, Key Commit, string Branch, Key[] Targets) : Happening(At);

    /// <summary>A branch's head moved.</summary>
    internal sealed record Pushed(DateTimeOffset At, string Repository, string Branch, Key Head) : Happening(At);

    /// <summary>A run of CI, or an image. Reported by its revision, or by a link to <see cref="By"/> from which the commit is found.</summary>
    internal sealed record Ran(
        DateTimeOffset At, string Gate, Writer Writer, Key Run, string? Name, Ordinal Ordinal, GateStatus Status, Reason Reason, Key? Commit, Key? By) : Happening(At);

    /// <summary>A platform's manifest belongs to an image index.</summary>
    internal sealed record Assembled(DateTimeOffset At, Key Platform, Key Index) : Happening(At);

    /// <summary>A rollout to a target in an environment; several commits while old and new serve together.</summary>
    internal sealed record Deployed(
        DateTimeOffset At, string Environment, string Target, Key Subject, Ordinal Ordinal, GateStatus Status, Key[] Commits, Key[] By) : Happening(At);

    /// <summary>A health check of what a target ran.</summary>
    internal sealed record Checked(
        DateTimeOffset At, string Environment, string Target, Key Subject, Ordinal Ordinal, GateStatus Status, Reason Reason, Key Commit, Key? By) : Happening(At);

    /// <summary>A version was marked bad, or released again; by its commit or by an image of it.</summary>
    internal sealed record Judged(DateTimeOffset At, Key Version, Key Commit, bool Bad) : Happening(At);

    /// <summary>Tracking began here, on a branch or in an environment.</summary>
    internal sealed record Began(DateTimeOffset At, string? Branch, string? Environment, Key Commit) : Happening(At);
}
