using ClosedLoop.Facts;
using ClosedLoop.Lines;

namespace ClosedLoop.Adapters.SourceHosts;

/// <summary>What one delivery or one look yields. Not safe for use by several threads.</summary>
internal sealed class Harvest
{
    public List<Fact> Facts { get; } = [];

    public List<CommitNode> History { get; } = [];

    public List<string> Diagnostics { get; } = [];

    public SortedSet<Key> Hints { get; } = [];

    /// <summary>Why there is no fact, when that needs saying.</summary>
    public string? Nothing { get; set; }
}
