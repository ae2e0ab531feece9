using System.Text.Json;
using ClosedLoop.Cli.Tests.Support;
using ClosedLoop.Facts;

namespace ClosedLoop.Cli.Tests;

/// <summary>What others wrote into a record does nothing to a terminal, a page, a spreadsheet or a script.</summary>
public sealed class HostileTextTests
{
    private const string Hostile = "[red]a[/] \u001b]0;owned\u0007\u001b[2J\u001b[31m<script>alert(1)</script> \u202Etxt.exe\u2066 \"quoted\", =cmd|' /C calc'!A0 `x` \u0085\u009b1m end";

    public static TheoryData<string[]> Lines => new(
        ["why", "BL-66"], ["show", "BL-66"], ["status", "--find", "BL-66"], ["graph", "BL-66"], ["graph", "BL-66", "--format", "dot"], ["export", "items", "--format", "csv"], ["export", "transitions", "--format", "csv"],
        ["export", "facts", "--format", "csv"], ["stuck", "--limit", "50"], ["why", "BL-66", "--json"], ["show", "BL-66", "--json"], ["export", "items"], ["export", "facts"], ["status", "--find", "BL-66", "--json"]);

    [Theory]
    [MemberData(nameof(Lines))]
    public async Task It_is_shown_harmlessly(string[] line)
    {
        await using var record = await TestRecord.StartAsync();
        await HostileItemAsync(record);
        var typed = await record.OnStoreAsync(line);
        Assert.True(typed.Code is 0 or 3 or 4, typed.ToString());
        Assert.Equal("", typed.Error);
        Assert.All(typed.Output, static c => Assert.False((char.IsControl(c) && c != '\n') || c is '\u202E' or '\u2066', $"U+{(int)c:X4}"));
        if (line.Contains("csv", StringComparer.Ordinal)) Assert.DoesNotContain(typed.Lines.SelectMany(static l => l.Split(',')), static field => field.TrimStart('"').StartsWith('='));
        if (line.Contains("--json", StringComparer.Ordinal)) Assert.Equal(JsonValueKind.Object, typed.Json.ValueKind);
    }

    [Fact]
    public async Task A_title_of_a_megabyte_is_cut()
    {
        await using var record = await TestRecord.StartAsync();
        await record.OpenAsync("BL-67", new string('x', 1_000_000), 0);
        foreach (string[] line in (string[][])[["why", "BL-67"], ["show", "BL-67"], ["status", "--find", "BL-67"], ["stuck"], ["graph", "BL-67"]])
            Assert.True((await record.OnStoreAsync(line)).Output.Length < 20_000, line[0]);
    }

    [Fact]
    public async Task An_id_that_was_typed_with_escapes_is_told_without_them()
    {
        await using var record = await TestRecord.StartAsync();
        var typed = await record.OnStoreAsync("why", "\u001b[2JBL-1");
        Assert.Equal(1, typed.Code);
        Assert.DoesNotContain('\u001b', typed.Error);
        typed = await record.OnStoreAsync("\u001b[2Jwhy");
        Assert.Equal(2, typed.Code);
        Assert.DoesNotContain('\u001b', typed.Error);
    }

    [Fact]
    public async Task Markup_of_the_terminal_library_in_a_title_is_shown_as_it_is()
    {
        await using var record = await TestRecord.StartAsync();
        await HostileItemAsync(record);
        Assert.Contains("[red]a[/]", (await record.OnStoreAsync("why", "BL-66")).Output, StringComparison.Ordinal);
    }

    private static async Task HostileItemAsync(TestRecord record)
    {
        await record.OpenAsync("BL-66", Hostile, 66);
        await record.PullAsync(66, Gates.PrOpened, GateStatus.Passed, detail: Hostile);
        await record.PullAsync(66, Gates.Reviewed, GateStatus.Failed, detail: Hostile);
    }
}
