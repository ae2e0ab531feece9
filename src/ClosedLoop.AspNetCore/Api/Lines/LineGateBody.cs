using ClosedLoop.Lines;

namespace ClosedLoop.AspNetCore.Api.Lines;

/// <summary>A gate of a line: passed when the newest evidence is good, failed when it is red.</summary>
internal sealed record LineGateBody(string Gate, string Status, DateTimeOffset? Since, string? Commit, long? Behind, string? Detail)
{
    public static LineGateBody Of(LineGate gate) => new(gate.Gate, Names.Of(gate.Status), gate.Since, gate.Commit, gate.Behind, gate.Detail);
}
