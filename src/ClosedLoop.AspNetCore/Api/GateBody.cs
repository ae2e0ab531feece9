using ClosedLoop.Items;

namespace ClosedLoop.AspNetCore.Api;

internal sealed record GateBody
{
    public required string Name { get; init; }

    public required string Status { get; init; }

    public required string Reason { get; init; }

    public string? Detail { get; init; }

    public string? Writer { get; init; }

    public DateTimeOffset? Since { get; init; }

    public EvidenceBody? Evidence { get; init; }

    public string? Subject { get; init; }

    public string? Revision { get; init; }

    public DateTimeOffset? EligibleAt { get; init; }

    public DateTimeOffset? StartBy { get; init; }

    public DateTimeOffset? FinishBy { get; init; }

    /// <summary>When a check that holds so far will count; null when no soak runs.</summary>
    public DateTimeOffset? SettlesAt { get; init; }

    public bool Overdue { get; init; }

    public required IReadOnlyList<string> RefusedWriters { get; init; }

    public static GateBody Of(GateView gate, IReadOnlyList<string> overdue) => new()
    {
        Name = gate.Gate,
        Status = Names.Of(gate.Status),
        Reason = Names.Of(gate.Reason),
        Detail = gate.Detail,
        Writer = gate.Writer?.ToString(),
        Since = gate.Since,
        Evidence = EvidenceBody.Of(gate.Evidence),
        Subject = gate.Subject?.ToString(),
        Revision = gate.Revision,
        EligibleAt = gate.EligibleAt,
        StartBy = gate.StartBy,
        FinishBy = gate.FinishBy,
        SettlesAt = gate.SettlesAt,
        Overdue = overdue.Contains(gate.Gate, StringComparer.Ordinal),
        RefusedWriters = [.. gate.RefusedWriters?.Select(static w => w.ToString()) ?? []],
    };
}
