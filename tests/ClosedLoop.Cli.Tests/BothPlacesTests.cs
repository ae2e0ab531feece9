using System.Text.Json;
using ClosedLoop.Cli.Tests.Support;

namespace ClosedLoop.Cli.Tests;

/// <summary>A record says the same, in its store and behind its service.</summary>
public sealed class BothPlacesTests
{
    public static TheoryData<string[]> Lines => new(
        ["status", "--json"], ["status", "--json", "--find", "BL"], ["stuck", "--json"], ["graph", "--json"], ["graph", TestRecord.Red, "--json"], ["graph", TestRecord.Red, "--format", "dot"], ["graph"],
        ["why", TestRecord.Done, "--json"], ["why", TestRecord.Waiting, "--json"], ["why", TestRecord.Overdue, "--json"], ["why", TestRecord.Regressed, "--json"], ["why", TestRecord.Abandoned, "--json"],
        ["show", TestRecord.Regressed, "--json"], ["show", TestRecord.Opened], ["why", TestRecord.Red], ["stuck"],
        ["export", "items"], ["export", "items", "--format", "csv"], ["export", "items", "--done", "true"], ["export", "transitions"], ["export", "transitions", "--format", "csv", "--after", "5"], ["watch", "--after", "0", "--until-done", TestRecord.Done, "--json"]);

    [Theory]
    [MemberData(nameof(Lines))]
    public async Task The_same_is_said_of_it(string[] line)
    {
        await using var record = await TestRecord.StartAsync();
        var store = await record.OnStoreAsync(line);
        var service = await record.OnServiceAsync(null, line);
        Assert.Equal((store.Code, store.Output, store.Error), (service.Code, service.Output, service.Error));
        Assert.Equal("", store.Error);
        Assert.NotEqual("", store.Output);
        Assert.DoesNotContain('\u001B', store.Output);
        if (line.Contains("--json", StringComparer.Ordinal) && line[0] != "watch") Assert.Equal(JsonValueKind.Object, store.Json.ValueKind);
    }

    [Fact]
    public async Task What_holds_items_up_is_the_same_in_both()
    {
        await using var record = await TestRecord.StartAsync();
        await record.JudgeAsync();
        foreach (string command in (string[])["status", "stuck"])
        {
            var store = await record.OnStoreAsync(command, "--json");
            Assert.NotEqual(0, store.Json.GetProperty("incidents").GetArrayLength());
            Assert.All(store.Json.GetProperty("incidents").EnumerateArray(), static i => Assert.NotEqual("", i.GetProperty("title").GetString()));
            Assert.Equal(store.Output, (await record.OnServiceAsync(null, command, "--json")).Output);
            Assert.Equal((await record.OnStoreAsync(command)).Output.Replace(record.File, "", StringComparison.Ordinal).Split('\n')[1..], (await record.OnServiceAsync(null, command)).Output.Split('\n')[1..]);
        }
    }

    [Fact]
    public async Task What_is_in_no_record_is_refused_by_both_in_the_same_words_but_the_place()
    {
        await using var record = await TestRecord.StartAsync();
        var store = await record.OnStoreAsync("why", "BL-99");
        var service = await record.OnServiceAsync(null, "why", "BL-99");
        Assert.Equal(store.Error.Replace(record.File, "", StringComparison.Ordinal), service.Error.Replace(record.Url.ToString(), "", StringComparison.Ordinal));
        Assert.Equal((1, 1), (store.Code, service.Code));
    }
}
