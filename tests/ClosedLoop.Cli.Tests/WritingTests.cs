using ClosedLoop.Cli.Tests.Support;

namespace ClosedLoop.Cli.Tests;

/// <summary><c>closedloop record</c> and <c>closedloop waive</c>.</summary>
public sealed class WritingTests
{
    [Fact]
    public async Task A_waiver_through_the_service_is_the_persons_whose_token_it_is()
    {
        await using var record = await TestRecord.StartAsync();
        var typed = await record.OnServiceAsync(TestRecord.PersonToken, "waive", TestRecord.Red, Gates.MainCi, "--by", "ann", "--reason", "the job is broken");
        Assert.True(typed.Code == 0, typed.ToString());
        var why = await record.OnStoreAsync("why", TestRecord.Red);
        Assert.Equal(0, why.Code);
        Assert.Contains("waived by person:ann (the job is broken)", why.Output, StringComparison.Ordinal);
        var other = await record.OnServiceAsync(TestRecord.PersonToken, "waive", TestRecord.Overdue, Gates.Merged, "--by", "bob", "--reason", "x");
        Assert.Equal(1, other.Code);
        Assert.Contains("It was refused", other.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_record_by_hand_through_the_service_shows_who_and_why()
    {
        await using var record = await TestRecord.StartAsync();
        var typed = await record.OnServiceAsync(TestRecord.PersonToken, "record", TestRecord.Red, Gates.MainCi, "--by", "ann", "--reason", "seen green", "--evidence", "https://ci.example/7", "--json");
        Assert.True(typed.Code == 0, typed.ToString());
        Assert.True(typed.Json.GetProperty("recorded").GetBoolean());
        Assert.True(typed.Json.GetProperty("done").GetBoolean());
        Assert.Contains("recorded by hand by person:ann (seen green)", (await record.OnStoreAsync("why", TestRecord.Red)).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_agent_and_nobody_may_not()
    {
        await using var record = await TestRecord.StartAsync();
        var agent = await record.OnServiceAsync(TestRecord.AgentToken, "waive", TestRecord.Red, Gates.MainCi, "--by", "ann", "--reason", "x");
        Assert.Equal(1, agent.Code);
        Assert.Contains("agent:builder-7 may not waive main-ci", agent.Error, StringComparison.Ordinal);
        var nobody = await record.OnServiceAsync(null, "waive", TestRecord.Red, Gates.MainCi, "--by", "ann", "--reason", "x");
        Assert.Equal(1, nobody.Code);
        Assert.Contains("CLOSEDLOOP_TOKEN", nobody.Error, StringComparison.Ordinal);
        Assert.Equal(4, (await record.OnStoreAsync("why", TestRecord.Red)).Code);
    }

    [Fact]
    public async Task A_store_that_a_service_writes_is_not_written_beside_it()
    {
        await using var record = await TestRecord.StartAsync();
        var typed = await record.OnStoreAsync("waive", TestRecord.Red, Gates.MainCi, "--by", "ann", "--reason", "x");
        Assert.Equal(1, typed.Code);
        Assert.Contains("go through it: --url", typed.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_alone_is_written_in_the_persons_name()
    {
        await using var copy = await StoreCopy.CreateAsync();
        var typed = await copy.TypeAsync("waive", TestRecord.Red, Gates.MainCi, "--by", "ann", "--reason", "x");
        Assert.True(typed.Code == 0, typed.ToString());
        Assert.Contains("Now: done (B)", typed.Output, StringComparison.Ordinal);
        Assert.Equal(0, (await copy.TypeAsync("why", TestRecord.Red)).Code);
        // What an agent may not do alone a person may take back in no other way than by recording again.
        Assert.Equal(0, (await copy.TypeAsync("record", TestRecord.Overdue, Gates.Reviewed, "--by", "bob", "--reason", "told me so")).Code);
        Assert.Contains("merged", (await copy.TypeAsync("why", TestRecord.Overdue)).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("BL-99", Gates.MainCi, 1, "Nothing is known of 'BL-99'")]
    [InlineData(TestRecord.Red, "main-cy", 2, "has no gate 'main-cy'; it has pr-opened")]
    public async Task What_it_would_write_for_nothing_is_not_written(string item, string gate, int code, string said)
    {
        await using var record = await TestRecord.StartAsync();
        foreach (string command in (string[])["record", "waive"])
        {
            var typed = await record.OnServiceAsync(TestRecord.PersonToken, command, item, gate, "--by", "ann", "--reason", "x");
            Assert.Equal(code, typed.Code);
            Assert.Contains(said, typed.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_record_with_other_rules_is_not_opened_for_writing()
    {
        await using var copy = await StoreCopy.CreateAsync(static p => p.UseDefaultGates().DoneWhen(Done.RolledOut));
        foreach (string[] line in (string[][])[["waive", TestRecord.Red, Gates.MainCi, "--by", "ann", "--reason", "x"], ["rebuild", "--yes"]])
        {
            var typed = await copy.TypeAsync(line);
            Assert.Equal(1, typed.Code);
            Assert.Contains("follows other rules", typed.Error, StringComparison.Ordinal);
            Assert.Contains("--config FILE", typed.Error, StringComparison.Ordinal);
        }
        string config = Path.Combine(copy.Folder, "service.json");
        await File.WriteAllTextAsync(config, """{"ClosedLoop":{"Store":"closedloop.db","Done":"C"}}""");
        Assert.Equal(0, (await copy.TypeAsync(config, "waive", TestRecord.Red, Gates.MainCi, "--by", "ann", "--reason", "x")).Code);
        Assert.Contains("(C)", (await copy.TypeAsync(config, "status")).Output, StringComparison.Ordinal);
    }
}
