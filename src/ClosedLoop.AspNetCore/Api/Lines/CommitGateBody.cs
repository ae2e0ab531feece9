using ClosedLoop.Lines;

namespace ClosedLoop.AspNetCore.Api.Lines;

internal sealed record CommitGateBody(string Gate, string Status, string Reason, string? Detail, DateTimeOffset? Since, string? Writer, EvidenceBody? Evidence)
{
    public static CommitGateBody Of(CommitGate gate) =>
        new(gate.Gate, Names.Of(gate.Status), Names.Of(gate.Reason), gate.Detail, gate.Since, gate.Writer?.ToString(), EvidenceBody.Of(gate.Evidence));
}
