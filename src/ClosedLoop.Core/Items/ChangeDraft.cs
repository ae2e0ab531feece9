using ClosedLoop.Facts;

namespace ClosedLoop.Items;

/// <summary>What the facts alone say of a change; with what the lines say it becomes a <see cref="ChangeView"/>.</summary>
internal readonly record struct ChangeDraft(Key Change, string? Head, Key[] Landings, bool Abandoned);
