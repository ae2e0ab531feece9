using ClosedLoop.Lines;
using ClosedLoop.Storage;

namespace ClosedLoop.Intake;

/// <summary>A batch that is being stored while the next one is folded over it. Completed once, by whoever stores it.</summary>
internal sealed class PendingWrite(StoreCommit commit)
{
    private volatile bool _isCompleted;

    public StoreCommit Commit => commit;

    public PendingRows Rows { get; } = new(commit.Index);

    /// <summary>Whether it is stored or has failed; only then are the other two set.</summary>
    public bool IsCompleted => _isCompleted;

    /// <summary>Whether it is stored, and the record's mark after it is known.</summary>
    public bool IsStored { get; private set; }

    /// <summary>The record's mark after it.</summary>
    public object? Token { get; private set; }

    public void Complete(CommitResult? result)
    {
        (IsStored, Token) = (result is { Outcome: CommitOutcome.Committed, Token: not null }, result?.Token);
        _isCompleted = true;
    }
}
