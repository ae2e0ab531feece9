using System.Text;
using ClosedLoop.Cli.Tests.Support;
using Microsoft.Data.Sqlite;

namespace ClosedLoop.Cli.Tests;

/// <summary>What is typed wrongly, or points to the wrong place, is answered with what to do.</summary>
public sealed class WrongInputTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("closedloop-wrong-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(2, "did you mean 'why'", "wy", "BL-1")]
    [InlineData(2, "did you mean '--json'", "why", "BL-1", "--jsn")]
    [InlineData(2, "ITEM is missing", "why")]
    [InlineData(2, "quotes", "why", "BL-1", "BL-2")]
    [InlineData(2, "name a command first", "--jsonn")]
    [InlineData(2, "GATE is missing", "waive", "BL-1")]
    [InlineData(2, "--by NAME is missing", "waive", "BL-1", "main-ci", "--reason", "x")]
    [InlineData(2, "--reason TEXT is missing", "record", "BL-1", "main-ci", "--by", "ann")]
    [InlineData(2, "--reason must say why", "record", "BL-1", "main-ci", "--by", "ann", "--reason", " ")]
    [InlineData(2, "--by is no name", "record", "BL-1", "main-ci", "--by", " ", "--reason", "x")]
    [InlineData(2, "--evidence must be an absolute http", "record", "BL-1", "main-ci", "--by", "ann", "--reason", "x", "--evidence", "ftp://x")]
    [InlineData(2, "is no duration", "watch", "--for", "soon")]
    [InlineData(2, "--after must be 0 or more", "watch", "--after", "-1")]
    [InlineData(2, "--until-done needs an ITEM", "watch", "--until-done")]
    [InlineData(2, "--limit must be 1 to", "stuck", "--limit", "0")]
    [InlineData(2, "--last must be 0 to", "show", "BL-1", "--last", "-1")]
    [InlineData(2, "none of items, transitions, facts", "export", "everything")]
    [InlineData(2, "none of jsonl, csv", "export", "items", "--format", "xml")]
    [InlineData(2, "use mermaid or dot", "graph", "--format", "svg")]
    [InlineData(2, "--git PATH is missing", "backfill")]
    [InlineData(2, "--agent NAME is missing", "mcp")]
    [InlineData(2, "Which record?", "status")]
    [InlineData(2, "--store and --url name two records", "status", "--store", "sqlite:a", "--url", "https://x/")]
    [InlineData(2, "connection string of Npgsql", "status", "--store", "postgres://user@host/db")]
    [InlineData(2, "use --url", "status", "--store", "https://closedloop.example/")]
    [InlineData(2, "which kind of store", "status", "--store", "Data Source=x.db")]
    [InlineData(2, "names no file", "status", "--store", "sqlite:")]
    [InlineData(1, "There is no file", "status", "--store", "sqlite:missing.db")]
    [InlineData(1, "--create", "migrate", "--store", "sqlite:missing.db")]
    [InlineData(1, "There is no file", "rebuild", "--yes", "--store", "sqlite:missing.db")]
    [InlineData(2, "is no address", "status", "--url", "closedloop.example")]
    [InlineData(2, "holds a user name", "status", "--url", "https://ann:secret@closedloop.example/")]
    [InlineData(1, "cannot be reached", "status", "--url", "http://127.0.0.1:9/")]
    [InlineData(2, "works on a store", "verify", "--url", "https://closedloop.example/")]
    [InlineData(2, "works on a store", "rebuild", "--yes", "--url", "https://closedloop.example/")]
    [InlineData(2, "works on a store", "migrate", "--url", "https://closedloop.example/")]
    [InlineData(2, "works on a store", "backfill", "--git", ".", "--url", "https://closedloop.example/")]
    [InlineData(2, "works on a store", "export", "facts", "--url", "https://closedloop.example/")]
    [InlineData(2, "there is no such file", "status", "--store", "sqlite:x.db", "--config", "missing.json")]
    [InlineData(2, "a service knows its own gates", "status", "--url", "https://closedloop.example/", "--config", "good.json")]
    [InlineData(2, "no section \"ClosedLoop\"", "status", "--config", "empty.json")]
    [InlineData(2, "is no JSON at line 1", "status", "--config", "broken.json")]
    [InlineData(2, "write A (merged)", "status", "--config", "done.json")]
    [InlineData(1, "git", "backfill", "--git", ".", "--store", "sqlite:new.db")]
    public async Task It_is_answered_with_what_to_do(int code, string advice, params string[] line)
    {
        await WriteAsync("empty.json", "{}");
        await WriteAsync("broken.json", "{");
        await WriteAsync("good.json", """{"ClosedLoop":{"Done":"A"}}""");
        await WriteAsync("done.json", """{"ClosedLoop":{"Done":"Z"}}""");
        // Paths on a command line are those of the process.
        string[] placed = [.. line.Select(a => a.EndsWith(".json", StringComparison.Ordinal) || a == "." ? Path.Combine(_folder, a) : a)];
        var typed = await Typed.LineAsync(TimeProvider.System, _folder, null, placed);
        Assert.True(code == typed.Code, typed.ToString());
        Assert.Equal("", typed.Output);
        Assert.Contains(advice, typed.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", typed.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", typed.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_folder, "new.db")), "a store was made for nothing");
    }

    [Fact]
    public async Task What_is_no_record_is_said_to_be_none_and_stays_as_it_is()
    {
        string text = Path.Combine(_folder, "text.db"), empty = Path.Combine(_folder, "empty.db"), other = Path.Combine(_folder, "other.db");
        await WriteAsync("text.db", new string('x', 5_000));
        await WriteAsync("empty.db", "");
        using (var connection = new SqliteConnection($"Data Source={other};Pooling=false"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "CREATE TABLE customers (id INTEGER)";
            command.ExecuteNonQuery();
        }
        foreach (string file in (string[])[text, empty, other])
        {
            byte[] before = await File.ReadAllBytesAsync(file);
            foreach (string[] line in (string[][])[["status"], ["why", "BL-1"], ["verify"], ["waive", "BL-1", "main-ci", "--by", "ann", "--reason", "x"], ["rebuild", "--yes"], ["export", "facts"]])
            {
                var typed = await Typed.LineAsync(TimeProvider.System, _folder, null, [.. line, "--store", $"sqlite:{file}"]);
                Assert.True(typed.Code == 1, $"{file} {typed}");
                Assert.Matches("holds no record|no SQLite database", typed.Error);
            }
            Assert.Equal(before, await File.ReadAllBytesAsync(file));
        }
    }

    [Fact]
    public async Task A_token_is_not_sent_in_the_open_and_is_never_shown()
    {
        var typed = await Typed.LineAsync(TimeProvider.System, _folder, new Dictionary<string, string> { ["CLOSEDLOOP_TOKEN"] = "hush-hush" }, "status", "--url", "http://closedloop.example/");
        Assert.Equal(2, typed.Code);
        Assert.Contains("use https", typed.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("hush-hush", typed.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Variables_name_the_record_and_options_stand_above_them()
    {
        await using var record = await TestRecord.StartAsync();
        var store = new Dictionary<string, string> { ["CLOSEDLOOP_STORE"] = $"sqlite:{record.File}" };
        Assert.Equal(0, (await Typed.LineAsync(record.Time, _folder, store, "why", TestRecord.Done)).Code);
        Assert.Equal(0, (await Typed.LineAsync(record.Time, _folder, new Dictionary<string, string> { ["CLOSEDLOOP_URL"] = record.Url.ToString() }, "why", TestRecord.Done)).Code);
        Assert.Equal(1, (await Typed.LineAsync(record.Time, _folder, store, "why", TestRecord.Done, "--store", "sqlite:missing.db")).Code);
        store["CLOSEDLOOP_URL"] = record.Url.ToString();
        Assert.Contains("unset one", (await Typed.LineAsync(record.Time, _folder, store, "why", TestRecord.Done)).Error, StringComparison.Ordinal);
        // Without either, the file that is usual.
        Assert.Equal(0, (await Typed.LineAsync(record.Time, record.Folder, null, "why", TestRecord.Done)).Code);
    }

    [Fact]
    public async Task An_address_with_api_at_its_end_and_one_that_is_no_service_are_both_understood()
    {
        await using var record = await TestRecord.StartAsync();
        Assert.Equal(0, (await Typed.LineAsync(record.Time, _folder, null, "why", TestRecord.Done, "--url", $"{record.Url}api/")).Code);
        var elsewhere = await Typed.LineAsync(record.Time, _folder, null, "status", "--url", $"{record.Url}nowhere");
        Assert.Equal(1, elsewhere.Code);
        Assert.Contains("is that the address of a ClosedLoop service?", elsewhere.Error, StringComparison.Ordinal);
    }

    private Task WriteAsync(string name, string text) => File.WriteAllTextAsync(Path.Combine(_folder, name), text, new UTF8Encoding(false));
}
