using ClosedLoop.Facts;
using ClosedLoop.Items;

namespace ClosedLoop.Deadlines;

/// <summary>One limit of an item that runs.</summary>
/// <param name="Name">The gate's name, or <see cref="ItemState.DoneClock"/>.</param>
/// <param name="Clock"><c>start</c> or <c>finish</c>.</param>
/// <param name="Gate">The gate by whose sources it is known whether the limit was kept; null when no gate is waited for.</param>
/// <param name="From">When its clock began.</param>
/// <param name="At">When it runs out if its clock never stands still.</param>
internal readonly record struct ItemLimit(string Name, string Clock, GateView? Gate, DateTimeOffset From, DateTimeOffset At)
{
    public const string Start = "start";
    public const string Finish = "finish";

    /// <summary>Whether it is of the item as a whole.</summary>
    public bool IsOfItem => Gate?.Gate != Name;

    /// <summary>The limits of an item that run: those of its gates in their order, then that of the item.</summary>
    public static IEnumerable<ItemLimit> Of(ItemState item)
    {
        foreach (var gate in item.Gates)
        {
            // What can never pass as configured is not waited for: its clock never stands still.
            if (gate.StartBy is { } start) yield return new ItemLimit(gate.Gate, Start, gate, gate.EligibleAt ?? start, start);
            if (gate.FinishBy is { } finish) yield return new ItemLimit(gate.Gate, Finish, gate, gate.Reason == Reason.Misconfigured ? finish : gate.EligibleAt ?? finish, finish);
        }
        if (item.DoneBy is { } done)
            yield return new ItemLimit(ItemState.DoneClock, Finish, item.WaitingOn is { } waiting ? item.Gate(waiting) : null, item.Gate(Gates.Merged)?.Since ?? done, done);
    }
}
