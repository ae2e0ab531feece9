using System.Text.Json;
using ClosedLoop.Cli.Tests.Support;
using ClosedLoop.Facts;

namespace ClosedLoop.Cli.Tests;

public sealed class WatchCommandTests
{
    [Fact]
    public async Task Through_a_service_a_change_is_told_as_it_is_made_and_the_clock_has_no_part_in_it()
    {
        await using var record = await TestRecord.StartAsync();
        var watched = record.OnServiceAsync(null, "watch", TestRecord.Red, "--until-done", "--json");
        await StreamAsync(record, 1);

        await record.BuildAsync(7, 71, GateStatus.Passed);

        var typed = await watched;
        Assert.Equal((0, ""), (typed.Code, typed.Error));
        Assert.Contains("\"kind\":\"completed\"", typed.Lines[^1], StringComparison.Ordinal);
        Assert.All(typed.Lines, static l => Assert.Contains(TestRecord.Red, l, StringComparison.Ordinal));
        Assert.Single(record.Streams);
    }

    [Fact]
    public async Task What_is_told_by_the_stream_reads_as_what_is_read_from_the_store()
    {
        await using var record = await TestRecord.StartAsync();
        string after = JsonDocument.Parse((await record.OnStoreAsync("export", "transitions")).Lines[^1]).RootElement.GetProperty("sequence").GetRawText();
        var watched = record.OnServiceAsync(null, "watch", TestRecord.Red, "--until-done", "--json");
        await StreamAsync(record, 1);
        await record.BuildAsync(7, 71, GateStatus.Passed);
        var stored = await record.OnStoreAsync("watch", TestRecord.Red, "--until-done", "--json", "--after", after);
        Assert.Equal(stored.ToString(), (await watched).ToString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData(TestRecord.Waiting)]
    public async Task The_end_is_found_by_one_read(string? item)
    {
        await using var record = await TestRecord.StartAsync();
        string[] line = item is null ? ["watch", "--for", "1s"] : ["watch", item, "--for", "1s"];
        var watched = record.OnServiceAsync(null, line);
        await StreamAsync(record, 1);
        record.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal((0, "", ""), ((await watched).Code, (await watched).Output, (await watched).Error));
        string[] asked = [.. record.Asked.Where(static a => a.Contains("transitions", StringComparison.Ordinal))];
        Assert.Equal(3, asked.Length);
        Assert.EndsWith("transitions?newest=true&limit=1", asked[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stream_that_is_cut_is_taken_up_after_the_last_change_that_was_told()
    {
        await using var record = await TestRecord.StartAsync();
        var watched = record.OnServiceAsync(null, "watch", TestRecord.Red, "--until-done", "--json");
        await StreamAsync(record, 1);
        record.Streams.TryPeek(out var first);
        first.Request.Abort();
        // Made while nobody listens.
        await record.BuildAsync(7, 71, GateStatus.Running);
        while (record.Streams.Count < 2)
        {
            record.Time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
        }
        await record.BuildAsync(7, 72, GateStatus.Passed);

        var typed = await watched;
        Assert.Equal((0, ""), (typed.Code, typed.Error));
        long[] places = [.. typed.Lines.Select(static l => JsonDocument.Parse(l).RootElement.GetProperty("sequence").GetInt64())];
        Assert.Equal(places.Distinct().Order(), places);
        Assert.Contains("\"to\":\"running\"", typed.Lines[0], StringComparison.Ordinal);
        Assert.NotEqual(first.After, record.Streams.Last().After);
    }

    [Fact]
    public async Task A_service_without_a_stream_is_asked_again_and_again()
    {
        await using var record = await TestRecord.StartAsync();
        record.IsWithoutStream = true;
        var watched = record.OnServiceAsync(null, "watch", TestRecord.Red, "--until-done", "--json");
        await StreamAsync(record, 1);
        await record.BuildAsync(7, 71, GateStatus.Passed);
        while (!watched.IsCompleted)
        {
            record.Time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
        }
        var typed = await watched;
        Assert.Equal((0, ""), (typed.Code, typed.Error));
        Assert.Contains("\"kind\":\"completed\"", typed.Lines[^1], StringComparison.Ordinal);
    }

    private static async Task StreamAsync(TestRecord record, int count)
    {
        while (record.Streams.Count < count) await Task.Yield();
    }
}
