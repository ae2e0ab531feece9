namespace ClosedLoop;

/// <summary>The result of recording something.</summary>
public sealed record RecordResult
{
    /// <summary>Whether it is durable and was accepted.</summary>
    public required bool IsRecorded { get; init; }

    /// <summary>Why it was refused or could not be taken; null when it was recorded.</summary>
    public string? Refusal { get; init; }

    /// <summary>True when it may be tried again later: the intake is full or the store is not available.</summary>
    public bool IsBusy { get; init; }
}
