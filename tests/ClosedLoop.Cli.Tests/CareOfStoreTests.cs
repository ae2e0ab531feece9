using System.Diagnostics;
using ClosedLoop.Cli.Tests.Support;
using Microsoft.Data.Sqlite;

namespace ClosedLoop.Cli.Tests;

/// <summary><c>verify</c>, <c>rebuild</c>, <c>migrate</c>, <c>backfill</c> and <c>export</c> on a store of their own.</summary>
public sealed class CareOfStoreTests
{
    [Fact]
    public async Task A_sound_record_is_found_sound_also_beside_the_service_that_writes_it()
    {
        await using var record = await TestRecord.StartAsync();
        await record.JudgeAsync();
        var typed = await record.OnStoreAsync("verify", "--json");
        Assert.True(typed.Code == 0, typed.ToString());
        Assert.True(typed.Json.GetProperty("sound").GetBoolean());
        Assert.Equal(7, typed.Json.GetProperty("items").GetInt32());
        Assert.True(typed.Json.GetProperty("facts").GetInt32() > 20);
    }

    [Fact]
    public async Task A_state_that_somebody_changed_is_found_and_put_right()
    {
        await using var copy = await StoreCopy.CreateAsync();
        Edit(copy.File, $"UPDATE item SET json = replace(json, '\"Failed\"', '\"Passed\"') WHERE id = '{TestRecord.Red}'");
        var found = await copy.TypeAsync("verify", "--json");
        Assert.Equal(1, found.Code);
        Assert.StartsWith($"{TestRecord.Red}: main-ci is Passed", Assert.Single(found.Json.GetProperty("different").EnumerateArray()).GetString(), StringComparison.Ordinal);
        Assert.Contains("rebuild", (await copy.TypeAsync("verify")).Output, StringComparison.Ordinal);
        // To look changes nothing, and a rebuild is not begun by a slip.
        Assert.Equal(1, (await copy.TypeAsync("verify")).Code);
        Assert.Equal(2, (await copy.TypeAsync("rebuild")).Code);

        var rebuilt = await copy.TypeAsync("rebuild", "--yes", "--json");
        Assert.True(rebuilt.Code == 0, rebuilt.ToString());
        Assert.Equal(1, rebuilt.Json.GetProperty("changedItems").GetInt32());
        Assert.Equal(0, (await copy.TypeAsync("verify")).Code);
    }

    [Fact]
    public async Task An_open_item_for_which_nothing_is_due_is_found()
    {
        await using var copy = await StoreCopy.CreateAsync();
        Edit(copy.File, $"DELETE FROM due WHERE subject = 'item:{TestRecord.Waiting}'");
        var found = await copy.TypeAsync("verify", "--json");
        Assert.Equal(1, found.Code);
        Assert.Equal([TestRecord.Waiting], found.Json.GetProperty("unwatched").EnumerateArray().Select(static i => i.GetString()!).ToArray());
        // Where nothing is polled at all there is nothing to be due.
        Edit(copy.File, "DELETE FROM due");
        var unpolled = await copy.TypeAsync("verify");
        Assert.Equal(0, unpolled.Code);
        Assert.Contains("No source is polled", unpolled.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_older_store_is_not_changed_by_reading_it_and_an_empty_one_is_made_on_request()
    {
        await using var copy = await StoreCopy.CreateAsync();
        Edit(copy.File, "UPDATE meta SET value = value - 1 WHERE name = 'schema'");
        byte[] before = await File.ReadAllBytesAsync(copy.File);
        foreach (string[] line in (string[][])[["status"], ["why", "BL-1"], ["verify"], ["waive", TestRecord.Red, Gates.MainCi, "--by", "ann", "--reason", "x"]])
        {
            var typed = await copy.TypeAsync(line);
            Assert.Equal(1, typed.Code);
            Assert.Contains("older version", typed.Error, StringComparison.Ordinal);
            Assert.Contains("closedloop migrate", typed.Error, StringComparison.Ordinal);
        }
        Assert.Equal(before, await File.ReadAllBytesAsync(copy.File));
        Edit(copy.File, "UPDATE meta SET value = value + 1 WHERE name = 'schema'");
        Assert.Contains("were up to date", (await copy.TypeAsync("migrate")).Output, StringComparison.Ordinal);
        Assert.Contains("up to date now", (await copy.TypeAsync("migrate", "--create", "--store", "sqlite:fresh.db")).Output, StringComparison.Ordinal);
        Assert.Equal(0, (await copy.TypeAsync("status", "--store", "sqlite:fresh.db")).Code);
        Assert.Equal(0, (await copy.TypeAsync("status")).Code);
        Edit(copy.File, "UPDATE meta SET value = 99 WHERE name = 'schema'");
        Assert.Contains("newer version", (await copy.TypeAsync("status")).Error, StringComparison.Ordinal);
        Assert.Contains("newer version", (await copy.TypeAsync("migrate")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_clones_history_is_backfilled_once_into_a_store_that_is_made_for_it()
    {
        string folder = Directory.CreateTempSubdirectory("closedloop-backfill-").FullName;
        try
        {
            string clone = Path.Combine(folder, "clone");
            await GitAsync(folder, "init", "-q", "-b", "main", clone);
            foreach (int number in (int[])[1, 2, 3])
                await GitAsync(clone, "-c", "user.name=a", "-c", "user.email=a@x", "commit", "-q", "--allow-empty", "-m", $"Change {number} (#{number})");
            string[] line = ["backfill", "--git", clone, "--repository", "acme/web", "--json", "--store", "sqlite:new.db"];
            var first = await Typed.LineAsync(TimeProvider.System, folder, null, line);
            Assert.True(first.Code == 0, first.ToString());
            Assert.Equal((3, 3, 9), (first.Json.GetProperty("landings").GetInt32(), first.Json.GetProperty("items").GetInt32(), first.Json.GetProperty("newFacts").GetInt32()));
            Assert.Equal(0, (await Typed.LineAsync(TimeProvider.System, folder, null, line)).Json.GetProperty("newFacts").GetInt32());
            Assert.Contains("3 items", (await Typed.LineAsync(TimeProvider.System, folder, null, "status", "--store", "sqlite:new.db")).Output, StringComparison.Ordinal);
            Assert.Equal(0, (await Typed.LineAsync(TimeProvider.System, folder, null, "verify", "--store", "sqlite:new.db")).Code);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task An_export_goes_into_a_new_file_and_leaves_one_that_exists_alone()
    {
        await using var copy = await StoreCopy.CreateAsync();
        string file = Path.Combine(copy.Folder, "items.csv");
        Assert.Equal(0, (await copy.TypeAsync("export", "items", "--format", "csv", "-o", file)).Code);
        string[] rows = await File.ReadAllLinesAsync(file);
        Assert.Equal(8, rows.Length);
        Assert.StartsWith("id,title,repository,", rows[0], StringComparison.Ordinal);
        Assert.All(rows, row => Assert.Equal(rows[0].Count(static c => c == ','), row.Count(static c => c == ',')));
        var again = await copy.TypeAsync("export", "items", "-o", file);
        Assert.Equal(2, again.Code);
        Assert.Contains("is left alone", again.Error, StringComparison.Ordinal);
        Assert.Equal(rows, await File.ReadAllLinesAsync(file));
        var facts = await copy.TypeAsync("export", "facts");
        Assert.Contains(facts.Lines, static l => l.Contains("\"kind\":\"main-ci\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Watching_shows_what_is_new_and_stops_by_itself()
    {
        await using var record = await TestRecord.StartAsync();
        var watched = record.OnStoreAsync("watch", "--json", "--for", "1h");
        var end = record.Time.GetUtcNow().AddHours(1);
        await HasLookedAsync();
        await record.BuildAsync(7, 71, Facts.GateStatus.Passed);
        record.Time.Advance(TimeSpan.FromMinutes(10));
        await HasLookedAsync();
        while (!watched.IsCompleted)
        {
            record.Time.Advance(TimeSpan.FromMinutes(10));
            await Task.Yield();
        }
        var typed = await watched;
        Assert.Equal((0, ""), (typed.Code, typed.Error));
        Assert.Contains(typed.Lines, static l => l.Contains("\"kind\":\"completed\"", StringComparison.Ordinal) && l.Contains(TestRecord.Red, StringComparison.Ordinal));
        Assert.DoesNotContain(typed.Lines, static l => l.Contains("\"BL-1\"", StringComparison.Ordinal));

        // Its first timer is the hour; when it waits for news there is an earlier one.
        async Task HasLookedAsync()
        {
            while (!(record.Time.NextTimerAt < end)) await Task.Yield();
        }
    }

    [Fact]
    public async Task Shells_are_given_scripts_that_ask_the_command_itself()
    {
        foreach (string shell in (string[])["bash", "zsh", "fish", "pwsh"])
        {
            var typed = await Typed.LineAsync(TimeProvider.System, Path.GetTempPath(), null, "completion", shell);
            Assert.Equal(0, typed.Code);
            Assert.Contains("[suggest:", typed.Output, StringComparison.Ordinal);
            Assert.StartsWith($"# closedloop completion {shell}", typed.Output, StringComparison.Ordinal);
        }
        await using var copy = await StoreCopy.CreateAsync();
        Assert.Contains(TestRecord.Red, (await copy.TypeAsync("[suggest:14]", "closedloop why")).Output + (await copy.TypeAsync("[suggest:7]", "why BL-")).Output, StringComparison.Ordinal);
        Assert.Contains("waive", (await copy.TypeAsync("[suggest:2]", "wa")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task As_a_process_it_prints_no_colours_into_a_pipe_and_ends_with_its_exit_code()
    {
        await using var copy = await StoreCopy.CreateAsync();
        using var process = Process.Start(new ProcessStartInfo("dotnet", [AgentToolsTests.Program, "why", TestRecord.Abandoned, "--store", $"sqlite:{copy.File}"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal(6, process.ExitCode);
        Assert.Contains("abandoned", output, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', output);
    }

    private static void Edit(string file, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={file};Pooling=false");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static async Task GitAsync(string folder, params string[] line)
    {
        using var git = Process.Start(new ProcessStartInfo("git", line) { WorkingDirectory = folder })!;
        await git.WaitForExitAsync();
        Assert.Equal(0, git.ExitCode);
    }
}
