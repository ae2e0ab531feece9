using ClosedLoop.Facts;

namespace ClosedLoop.Core.Tests.Lines.Model;

/// <summary>What the reference says of a gate, of a series of it, or of one change at it.</summary>
/// <param name="Status">Its status.</param>
/// <param name="Reason">Why.</param>
/// <param name="Since">Since when; null without evidence.</param>
/// <param name="Commit">The covering commit of a cumulative gate that passed.</param>
/// <param name="ReleasedBy">The other change that landed at the covering commit.</param>
/// <param name="OnRed">Whether the change landed while the series was red.</param>
/// <param name="Waited">From the landing to the pass.</param>
internal sealed record Verdict(
    GateStatus Status, Reason Reason = Reason.None, DateTimeOffset? Since = null, Key? Commit = null, Key? ReleasedBy = null, bool OnRed = false, TimeSpan? Waited = null)
{
    /// <summary>Nothing is known.</summary>
    public static Verdict Nothing { get; } = new(GateStatus.Waiting);

    public bool Holds => Status is GateStatus.Passed or GateStatus.NotApplicable;

    public override string ToString() =>
        $"{Status}/{Reason} since {(Since is { } at ? Words.Minute(at) : "-")}{(Commit is { } c ? $" at {Words.Short(c)}" : "")}{(ReleasedBy is { } r ? $" released by {Words.Short(r)}" : "")}{(OnRed ? " landed on red" : "")}{(Waited is { } w ? $" waited {w.TotalMinutes}" : "")}";
}
