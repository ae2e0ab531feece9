using ClosedLoop.Facts;
using ClosedLoop.Items;
using FsCheck;
using FsCheck.Fluent;

namespace ClosedLoop.Storage.Postgres.Tests;

[Collection(PostgresCollection.Name)]
public sealed class PostgresTextTests(PostgresServer server)
{
    private const string Hostile = "a\0b\uFFFF\uD800c😀\uDC00\uFFFF0000'\"\\%_\r\n\t\u001b";

    [Fact]
    public void Any_text_comes_back_as_it_went_in_and_the_server_can_hold_it()
    {
        var strict = new System.Text.UTF8Encoding(false, throwOnInvalidBytes: true);
        Prop.ForAll(ArbMap.Default.ArbFor<ushort[]>(), units =>
        {
            // Mostly the units that matter.
            string text = new([.. units.Select(u => (u % 7) switch { 0 => '\0', 1 => '\uFFFF', 2 => '\uD83D', 3 => '\uDE00', 4 => '0', _ => (char)u })]);
            string stored = PostgresText.Encode(text);
            Assert.DoesNotContain('\0', stored);
            strict.GetBytes(stored);
            Assert.Equal(text, PostgresText.Decode(stored));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));
    }

    [Fact]
    public async Task Characters_that_PostgreSQL_cannot_hold_come_back_from_every_column()
    {
        await using var database = await Database.CreateAsync(server);
        var store = await database.OpenAsync();
        var commit = new StoreCommit
        {
            At = Batch.T0,
            Items = [new ItemRecord { State = new ItemState { Id = "x", Pipeline = "p" + Hostile, Title = Hostile, Repository = Hostile, WaitingOn = Hostile, DoneDefinition = "d", Gates = [] }, Version = 1, UpdatedAt = Batch.T0 }],
            Due = [new DueChange { Subject = Key.Item("x"), Kind = "probe:" + Hostile, DueAt = Batch.T0, Payload = Hostile }],
            Outbox = [new OutboxMessage("m" + Hostile, Hostile, Hostile, Batch.T0)],
            Deliveries = [new DeliveryId(Hostile, Hostile)],
            Index = [new IndexChange("k", Hostile)],
            Quarantine = [new QuarantineEntry { Id = "q" + Hostile, Source = Hostile, Detail = Hostile, Kind = QuarantineKind.Malformed, ReceivedAt = Batch.T0 }],
        };
        Assert.Equal(CommitOutcome.Committed, (await store.CommitAsync(commit, default)).Outcome);
        Assert.Equal(commit.Deliveries[0], Assert.Single((await store.LoadAsync(new LoadRequest { Deliveries = commit.Deliveries }, default)).KnownDeliveries));
        Assert.Equal(Hostile, Assert.Single(await store.CountAsync(Batch.T0, default)).WaitingOn);
        Assert.Single((await store.QueryItemsAsync(new ItemQuery { Pipeline = "p" + Hostile, WaitingOn = Hostile, Text = "\0B" }, default)).Items);
        var request = new ClaimRequest { Now = Batch.T0, Lease = TimeSpan.FromMinutes(1), Kind = "probe:" + Hostile };
        var due = Assert.Single(await store.ClaimDueAsync(request, default));
        Assert.Equal((request.Kind, Hostile), (due.Kind, due.Payload));
        var message = Assert.Single(await store.ClaimOutboxAsync(request, default));
        Assert.Equal(commit.Outbox[0], message.Message);
        await store.CompleteOutboxAsync([new OutboxCompletion { IdempotencyKey = message.Message.IdempotencyKey, Token = message.Token }], default);
        Assert.Equal(Hostile, (await store.ScanAsync([new IndexRange("k", "l")], default))[0][0].Value);
        Assert.Equal(commit.Quarantine[0] with { Body = default }, Assert.Single(await store.ReadQuarantineAsync(9, default)) with { Body = default });
    }
}
