namespace ClosedLoop.Storage.Sqlite.Tests;

public sealed class SqliteCrashTests
{
    [Fact]
    public async Task A_process_that_is_killed_while_it_writes_loses_nothing_it_acknowledged_and_leaves_no_half_batch()
    {
        using var file = new TempFile();
        int next = 1;
        foreach (int kill in CrashRounds.Kills)
        {
            int acknowledged = await KilledWriter.RunAsync(file.Path, next, kill);
            Assert.True(acknowledged >= next + kill - 1, "the writer came as far as the test let it");
            using (var raw = file.Inspect()) Assert.Equal("ok", raw.Text("PRAGMA integrity_check"));
            using var store = await file.OpenAsync();
            // Those of earlier rounds are counted below, and looked at once more at the end.
            for (int number = next; number <= acknowledged; number++) Assert.Equal(1, await Batch.PresenceAsync(store, number));
            // The one after may have become durable without having been acknowledged, but then whole.
            double after = await Batch.PresenceAsync(store, acknowledged + 1);
            Assert.True(after is 0 or 1, $"batch {acknowledged + 1} is there by {after:P0}");
            int present = acknowledged + (int)after;
            Assert.Equal(0, await Batch.PresenceAsync(store, present + 1));
            using (var raw = file.Inspect())
            {
                Assert.Equal(present * Batch.Parts, raw.Number("SELECT max(seq) FROM transition"));
                Assert.Equal(present * Batch.Parts, raw.Number("SELECT count(*) FROM fact_log"));
                Assert.Equal(present, raw.Number("SELECT count(*) FROM outbox"));
                Assert.Equal(present, raw.Number("SELECT count(*) FROM quarantine"));
            }
            next = present + 1;
        }
        using var last = await file.OpenAsync();
        for (int number = 1; number < next; number++) Assert.Equal(1, await Batch.PresenceAsync(last, number));
    }
}
