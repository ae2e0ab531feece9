using System.Text.Json;

namespace ClosedLoop.Testing.Tests.EndToEnd;

/// <summary>An item as the API shows it.</summary>
internal sealed record ItemReply(JsonElement Json)
{
    public string Why => Json.GetProperty("why").GetString()!;

    public bool IsDone => Json.GetProperty("done").GetBoolean();

    public string? CurrentGate => Json.TryGetProperty("currentGate", out var gate) ? gate.GetString() : null;

    /// <summary>The gates that are passed.</summary>
    public string Passed => string.Join(' ', Json.GetProperty("gates").EnumerateArray().Where(static g => g.GetProperty("status").GetString() == "passed").Select(static g => g.GetProperty("name").GetString()));

    public JsonElement Gate(string name) => Json.GetProperty("gates").EnumerateArray().Single(g => g.GetProperty("name").GetString() == name);

    public string Status(string gate) => Gate(gate).GetProperty("status").GetString()!;

    public string Reason(string gate) => Gate(gate).GetProperty("reason").GetString()!;

    public DateTimeOffset Since(string gate) => Gate(gate).GetProperty("since").GetDateTimeOffset();

    public override string ToString() => Json.ToString();
}
