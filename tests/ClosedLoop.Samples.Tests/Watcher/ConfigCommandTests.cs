using ClosedLoop.Samples.Watcher;
using ClosedLoop.Samples.Watcher.Providers;

namespace ClosedLoop.Samples.Tests.Watcher;

public sealed class ConfigCommandTests
{
    [Theory]
    [InlineData("""{"ClosedLoop":{"GitHub":{"Repositories":["acme/web"],"Token":"abc"}}}""")]
    [InlineData("""{"ClosedLoop":{"GitHub":{"Repositories":["acme/web"],"WebhookSecret":"0123456789"}}}""")]
    [InlineData("""{"ClosedLoop":{"Jenkins":{"ApiToken":"abc"}}}""")]
    public async Task A_secret_in_the_file_is_refused(string json) => Assert.Equal(2, await Run(json));

    [Fact]
    public async Task A_provider_without_its_secret_does_not_start() =>
        Assert.Equal(2, await Run("""{"ClosedLoop":{"GitHub":{"Repositories":["acme/web"]}}}"""));

    [Fact]
    public async Task An_unknown_definition_of_done_does_not_start() => Assert.Equal(2, await Run("""{"ClosedLoop":{"Done":"D"}}"""));

    [Fact]
    public async Task A_broken_file_does_not_start() => Assert.Equal(2, await Run("{"));

    private static async Task<int> Run(string json)
    {
        var folder = Directory.CreateTempSubdirectory("closedloop-");
        string file = Path.Combine(folder.FullName, "watcher.json");
        await File.WriteAllTextAsync(file, json);
        Assert.True(WatcherArguments.TryParse(["--config", file, "--urls", "http://127.0.0.1:0", "--store", Path.Combine(folder.FullName, "x.db")], out var arguments, out _));
        int exit = await ConfigCommand.RunAsync(arguments, default);
        folder.Delete(recursive: true);
        return exit;
    }
}
