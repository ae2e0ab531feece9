using System.Globalization;
using System.Text;
using ClosedLoop.Facts;
using ClosedLoop.Items;

namespace ClosedLoop.Storage.Tests;

/// <summary>Numbered commits that touch every table, of which one can tell afterwards whether they are there, and whole.</summary>
internal static class Batch
{
    public const int Parts = 10;

    public static readonly DateTimeOffset T0 = new DateTimeOffset(2026, 1, 5, 9, 0, 0, TimeSpan.Zero).AddTicks(7);

    public static StoreCommit Create(int number, object? token = null) => new()
    {
        Token = token,
        At = T0,
        Registers = [.. Enumerable.Range(0, Parts).Select(part => Register(number, part))],
        Log = [.. Enumerable.Range(0, Parts).Select(part => new LoggedFact(Register(number, part), StoredJson.Digest(Register(number, part)), "test"))],
        Items = [new ItemRecord { State = State(number), Version = number, UpdatedAt = T0.AddSeconds(number) }],
        Transitions = [.. Enumerable.Range(0, Parts).Select(part => new Transition { ItemId = Id(number), Kind = TransitionKind.Opened, RecordedAt = T0, Detail = Text(number) })],
        Due = [new DueChange { Subject = Key.Item(Id(number)), Kind = "probe:test", DueAt = T0.AddSeconds(number), Payload = Text(number) }],
        Outbox = [new OutboxMessage(Id(number), "test", Text(number), T0.AddSeconds(number))],
        Deliveries = [new DeliveryId("test", Text(number))],
        Quarantine = [new QuarantineEntry { Id = Id(number), Source = "test", Kind = QuarantineKind.Malformed, Detail = Text(number), Body = Encoding.UTF8.GetBytes(Text(number)), ReceivedAt = T0 }],
    };

    /// <summary>What the engine knows of a commit before it has folded the rest.</summary>
    public static StoreCommit FactsOf(StoreCommit commit) => new() { Token = commit.Token, At = commit.At, Registers = commit.Registers, NewRegisters = commit.NewRegisters, Log = commit.Log, Deliveries = commit.Deliveries, Quarantine = commit.Quarantine };

    /// <summary>How much of a batch is there: 0 nothing, 1 all; anything between is a broken transaction.</summary>
    public static async Task<double> PresenceAsync(ILoopStore store, int number)
    {
        var loaded = await store.LoadAsync(new LoadRequest { Subjects = [Key.Item(Id(number))], Deliveries = [new DeliveryId("test", Text(number))] }, default);
        var log = await store.ReadTransitionsAsync(new TransitionQuery { ItemId = Id(number) }, default);
        int found = loaded.Facts.Count + loaded.Items.Count + loaded.KnownDeliveries.Count + log.Count + loaded.Items.Count(i => i.NextProbeAt == T0.AddSeconds(number));
        return found / (double)(Parts + 1 + 1 + Parts + 1);
    }

    public static string Id(int number) => $"BL-{Text(number)}";

    private static Fact Register(int number, int part) => new()
    {
        Subject = Key.PullRequest("acme/web", (number * Parts) + part),
        Kind = Gates.Merged,
        Writer = new Writer(WriterRoles.SourceControl, "test"),
        Ordinal = new Ordinal(number),
        OccurredAt = T0,
        Links = [Key.Item(Id(number))],
    };

    private static ItemState State(int number) => new() { Id = Id(number), Pipeline = "delivery", DoneDefinition = "merged", Gates = [], WaitingOn = Gates.Merged };

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
