using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace ClosedLoop.Lines.Git;

/// <summary>The paths of one difference. Immutable.</summary>
internal sealed class TreeChanges
{
    /// <summary>Of a difference with more paths than this, only so many are kept, and nothing of it is compared.</summary>
    public const int MaxPaths = 2_000;

    public TreeChanges(ImmutableArray<TreeChange> items, bool isComplete)
    {
        Items = items;
        IsComplete = isComplete;
        byte[] digest = SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', items.Select(static c => c.Path).Order(StringComparer.Ordinal))));
        PathSet = BitConverter.ToUInt128(digest);
    }

    /// <summary>Nothing is known of the difference: it is too large, or the clone lacks parts of it.</summary>
    public static TreeChanges Unknown { get; } = new([], isComplete: false);

    public static TreeChanges Empty { get; } = new([], isComplete: true);

    public ImmutableArray<TreeChange> Items { get; }

    /// <summary>False when it has more paths, or paths that are no text.</summary>
    public bool IsComplete { get; }

    /// <summary>The same for two differences of the same paths, and only for those; equal patches have equal paths.</summary>
    public UInt128 PathSet { get; }

    /// <summary>Whether it can be compared with others.</summary>
    public bool IsComparable => IsComplete && !Items.IsEmpty;
}
