using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.CDEvents.Incoming;

/// <summary>What the events of one delivery say.</summary>
internal sealed class Reading
{
    public List<Fact> Facts { get; } = [];

    public List<string> Diagnostics { get; } = [];
}
