using System.Text.Json;
using ClosedLoop.Cli.Tests.Support;

namespace ClosedLoop.Cli.Tests;

/// <summary><c>closedloop why</c> on items in every state; simulated worlds are in ClosedLoop.Testing.Tests.</summary>
public sealed class WhyCommandTests
{
    [Theory]
    [InlineData(TestRecord.Done, 0, "done", null)]
    [InlineData(TestRecord.Waiting, 3, "waiting", Gates.Merged)]
    [InlineData(TestRecord.Opened, 3, "waiting", Gates.PrOpened)]
    [InlineData(TestRecord.Overdue, 4, "overdue", Gates.Reviewed)]
    [InlineData(TestRecord.Regressed, 5, "regressed", Gates.MainCi)]
    [InlineData(TestRecord.Abandoned, 6, "abandoned", null)]
    public async Task Each_state_has_an_exit_code_and_names_its_gate(string item, int code, string verdict, string? gate)
    {
        await using var record = await TestRecord.StartAsync();
        var why = await record.OnStoreAsync("why", item, "--json");
        Assert.True(code == why.Code, why.ToString());
        Assert.Equal((verdict, code, gate), (why.Json.GetProperty("verdict").GetString(), why.Json.GetProperty("exitCode").GetInt32(), why.Json.GetProperty("gate").GetString()));
        var text = await record.OnStoreAsync("why", item);
        Assert.Equal(code, text.Code);
        Assert.Contains(verdict, text.Output, StringComparison.Ordinal);
        if (gate is not null) Assert.Contains($"at {gate}", text.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(TestRecord.Overdue, "an approval of acme/web#3")]
    [InlineData(TestRecord.Opened, "a pull request that names BL-6")]
    [InlineData(TestRecord.Waiting, "acme/web#2 is merged into")]
    [InlineData(TestRecord.Red, "a green build of main of acme/web at or after 0000000")]
    [InlineData(TestRecord.Abandoned, "opened again")]
    public async Task It_says_what_would_release_it(string item, string release)
    {
        await using var record = await TestRecord.StartAsync();
        Assert.Contains(release, (await record.OnStoreAsync("why", item, "--json")).Json.GetProperty("release").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_item_that_went_back_and_is_late_is_told_as_gone_back_and_says_both()
    {
        await using var record = await TestRecord.StartAsync();
        var why = (await record.OnStoreAsync("why", TestRecord.Regressed, "--json")).Json;
        Assert.Equal([Gates.MainCi], why.GetProperty("wentBack").EnumerateArray().Select(static g => g.GetString()!).ToArray());
        Assert.Contains(Gates.MainCi, why.GetProperty("overdueGates").EnumerateArray().Select(static g => g.GetString()!));
        Assert.Equal("https://ci.example/job/web/41/", why.GetProperty("evidence").GetProperty("url").GetString());
    }

    [Fact]
    public async Task What_a_person_waived_is_no_regression_and_counts_as_done()
    {
        await using var record = await TestRecord.StartAsync();
        Assert.Equal(5, (await record.OnStoreAsync("why", TestRecord.Regressed)).Code);
        Assert.True((await record.Loop.WaiveAsync(TestRecord.Regressed, Gates.MainCi, "ann", "the job is gone")).IsRecorded);
        var why = await record.OnStoreAsync("why", TestRecord.Regressed);
        Assert.Equal(0, why.Code);
        Assert.Contains("waived by person:ann (the job is gone)", why.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("BL-99", "status --find")]
    [InlineData("bl-1", "Did you mean BL-1")]
    public async Task An_unknown_item_is_told_with_what_to_do(string item, string advice)
    {
        await using var record = await TestRecord.StartAsync();
        foreach (string command in (string[])["why", "show", "graph", "watch"])
        {
            var typed = await record.OnStoreAsync(command, item);
            Assert.Equal((1, ""), (typed.Code, typed.Output));
            Assert.Contains($"'{item}'", typed.Error, StringComparison.Ordinal);
            Assert.Contains(advice, typed.Error, StringComparison.Ordinal);
        }
    }
}
