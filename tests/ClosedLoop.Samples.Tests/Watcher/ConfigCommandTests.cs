using ClosedLoop.Samples.Watcher;
using ClosedLoop.Samples.Watcher.Providers;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

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

    [Fact]
    public async Task A_broken_file_is_answered_with_the_place_of_the_error()
    {
        var (error, before) = (new StringWriter(), Console.Error);
        Console.SetError(error);
        try
        {
            await Run("{\n  \"ClosedLoop\": }");
        }
        finally
        {
            Console.SetError(before);
        }
        Assert.Contains("LineNumber: 1", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Addresses_of_requests_are_not_logged_since_one_may_hold_a_token()
    {
        string file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "{}");
        Assert.True(WatcherArguments.TryParse(["--config", file], out var arguments, out _));
        await using var app = ConfigCommand.Build(arguments, file);
        var loggers = app.Services.GetRequiredService<ILoggerFactory>();
        Assert.False(loggers.CreateLogger("Microsoft.AspNetCore.Hosting.Diagnostics").IsEnabled(LogLevel.Information));
        Assert.True(loggers.CreateLogger("ClosedLoop.Intake.WebhookReceiver").IsEnabled(LogLevel.Information));
        File.Delete(file);
    }

    [Fact]
    public void The_example_lets_nobody_in()
    {
        var configuration = new ConfigurationBuilder().AddJsonFile(Path.Combine(AppContext.BaseDirectory, "watcher.example.json")).Build();
        var hashes = configuration.GetSection("ClosedLoop:Api:Writers").AsEnumerable().Select(static p => p.Value).OfType<string>().ToList();
        // Nobody knows a token with this hash, so that whoever copies the file has to put an own one there.
        Assert.Equal(["sha256:" + new string('0', 64)], hashes);
    }

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
