namespace ClosedLoop.Cli.Verifying;

/// <summary>What came of checking a record against its own facts.</summary>
internal sealed record VerifyReport
{
    /// <summary>Whether nothing was found.</summary>
    public bool Sound => Different.Count == 0 && Missing.Count == 0 && (Unwatched.Count == 0 || !Polled) && !Unfinished;

    /// <summary>Registers that were read.</summary>
    public required int Facts { get; init; }

    /// <summary>Items that were folded again and compared.</summary>
    public required int Items { get; init; }

    /// <summary>Items that changed meanwhile, so that they could not be compared.</summary>
    public required int Moving { get; init; }

    /// <summary>Items whose facts say something else than the record; 100 at most.</summary>
    public required IReadOnlyList<string> Different { get; init; }

    /// <summary>Items that the facts tell of and the record does not have, or the other way round; 100 at most.</summary>
    public required IReadOnlyList<string> Missing { get; init; }

    /// <summary>Open items for which nothing is due, so that nobody would look at them again; 100 at most.</summary>
    public required IReadOnlyList<string> Unwatched { get; init; }

    /// <summary>Whether any source is polled for any item. Where none is, open items have nothing due, and that is no fault.</summary>
    public required bool Polled { get; init; }

    /// <summary>Whether a rebuild was cut off.</summary>
    public required bool Unfinished { get; init; }

    /// <summary>Whether the record follows other rules than those that it was checked by.</summary>
    public required bool OtherRules { get; init; }
}
