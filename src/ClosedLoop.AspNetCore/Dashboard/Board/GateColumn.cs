using ClosedLoop.AspNetCore.Dashboard.Text;

namespace ClosedLoop.AspNetCore.Dashboard.Board;

/// <summary>One gate on the board.</summary>
internal sealed record GateColumn
{
    public required string Gate { get; init; }

    public string? Description { get; init; }

    /// <summary>
    /// Items that stand before it: every gate before it holds, and it does not. Open ones; after the last gate that DONE needs, done ones. Null when
    /// that is not counted.
    /// </summary>
    public required int? Waiting { get; init; }

    /// <summary>Of those, items with a limit that ran out.</summary>
    public required int Overdue { get; init; }

    /// <summary>Since when the first of them waits; null when none does or it is not known.</summary>
    public DateTimeOffset? OldestSince { get; init; }

    /// <summary>How long it may take before somebody is told; null when nobody ever is.</summary>
    public TimeSpan? Limit { get; init; }

    /// <summary>Whether it comes after every gate that DONE needs: what stands before it is done.</summary>
    public required bool IsAfterDone { get; init; }

    /// <summary>Whether DONE needs it.</summary>
    public required bool IsInDone { get; init; }

    /// <summary>Whether every source that tells of it is out of reach.</summary>
    public bool IsBlind { get; init; }

    /// <summary>How it stands against its limit.</summary>
    public StatusMark Mark(DateTimeOffset now) => this switch
    {
        { Waiting: null } => new(Icons.None, "not counted", Tone.Quiet),
        { IsBlind: true, Waiting: > 0 } => new(Icons.Blind, "blind", Tone.Warn),
        { Overdue: > 0 } => new(Icons.Late, $"{Overdue:N0} overdue", Tone.Bad),
        { Waiting: 0 } => new(Icons.Passed, "clear", Tone.Quiet),
        { Limit: { } limit, OldestSince: { } since } when now - since > limit * 0.75 => new(Icons.Warning, "limit is near", Tone.Warn),
        { Limit: null } => new(Icons.Waiting, "no limit", Tone.Quiet),
        _ => new(Icons.Passed, "in time", Tone.Good),
    };
}
