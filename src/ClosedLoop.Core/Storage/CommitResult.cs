namespace ClosedLoop.Storage;

/// <summary>What became of a commit, and the record's mark after it.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Token">
/// What a load right after it returns as <see cref="Neighbourhood.Token"/> if nobody else has written since; null when the store cannot
/// say. With it, what was read for this commit may be used for the next one without being read again.
/// </param>
public readonly record struct CommitResult(CommitOutcome Outcome, object? Token = null)
{
    /// <summary>The outcome alone.</summary>
    public static implicit operator CommitOutcome(CommitResult result) => result.Outcome;

    /// <summary>The outcome alone.</summary>
    public CommitOutcome ToCommitOutcome() => Outcome;
}
