using System.Collections.Immutable;
using ClosedLoop.Facts;

namespace ClosedLoop.Migration;

/// <summary>One recovered work item and all its facts: enough to fold it, or to store it, without any other.</summary>
/// <param name="Item">The item's key.</param>
/// <param name="Facts">Its facts, oldest landing first.</param>
public readonly record struct GitBackfillItem(Key Item, ImmutableArray<Fact> Facts);
