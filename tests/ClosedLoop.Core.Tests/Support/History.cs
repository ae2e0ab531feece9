using ClosedLoop.Facts;
using ClosedLoop.Storage;

namespace ClosedLoop.Core.Tests.Support;

/// <summary>Everything that happened, in the order in which it did; a generated test value that prints itself.</summary>
internal sealed record History(Fact[] Facts)
{
    public override string ToString() => "\n" + string.Join('\n', Facts.Select(StoredJson.Write));
}
