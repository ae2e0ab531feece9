using System.Text.Json.Serialization;

namespace ClosedLoop.Facts;

/// <summary>What is known of a gate. There is no "unknown": no evidence is <see cref="Waiting"/>, with a <see cref="Reason"/>.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<GateStatus>))]
public enum GateStatus
{
    /// <summary>No evidence yet, or evidence that decides nothing (cancelled, skipped, inconclusive).</summary>
    Waiting = 0,

    /// <summary>The gate's work has started and has no verdict yet.</summary>
    Running = 1,

    /// <summary>The gate's writer says that it holds.</summary>
    Passed = 2,

    /// <summary>The gate's writer says that it does not hold.</summary>
    Failed = 3,

    /// <summary>The gate does not apply to this item, or a named person waived it.</summary>
    NotApplicable = 4,
}
