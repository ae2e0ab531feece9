using ClosedLoop.AspNetCore.Api;
using ClosedLoop.Cli.Judging;

namespace ClosedLoop.Cli.Commands;

/// <summary>Everything that the record says of an item.</summary>
/// <param name="Item">The item, as the API gives it.</param>
/// <param name="Verdict">Where it stands.</param>
/// <param name="Release">What would release it.</param>
/// <param name="Transitions">The last changes of the record, oldest first.</param>
internal sealed record ShowBody(ItemBody Item, Verdict Verdict, string Release, IReadOnlyList<TransitionBody> Transitions);
