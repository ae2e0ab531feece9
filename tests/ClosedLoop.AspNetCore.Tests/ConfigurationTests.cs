using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace ClosedLoop.AspNetCore.Tests;

public sealed class ConfigurationTests
{
    private static readonly string Hash = ClosedLoopToken.Hash("a-token-that-is-long-enough-0123456789");

    [Theory]
    [InlineData("agent:b", "the-token-itself-by-mistake-0123", "Api:Writers:agent:b:0", "ClosedLoopToken.Hash")]
    [InlineData("agent:b", "sha256:abc", "Api:Writers:agent:b:0", "64 hexadecimal")]
    [InlineData("agent:b", "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "Api:Writers:agent:b:0", "sha256:")]
    [InlineData("builder", null, "Api:Writers:builder", "role:name")]
    [InlineData("host:migration", null, "Api:Writers:host:migration", "remove it")]
    public async Task A_wrong_writer_stops_the_start_and_names_the_option_and_the_fix_but_no_secret(string writer, string? hash, string path, string fix)
    {
        var exception = await Assert.ThrowsAsync<OptionsValidationException>(() => LoopHost.StartAsync(api: o => o.AddWriter(writer, hash ?? Hash)));

        Assert.Contains(path, exception.Message, StringComparison.Ordinal);
        Assert.Contains(fix, exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("the-token-itself", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_problem_is_told_at_once()
    {
        var exception = await Assert.ThrowsAsync<OptionsValidationException>(() => LoopHost.StartAsync(api: o =>
        {
            o.AddWriter("agent:none");
            o.AddWriter("agent:twin-a", Hash).AddWriter("agent:twin-b", Hash);
            o.WriterClaimType = " ";
            o.MaxBodyBytes = 0;
        }));

        foreach (string path in (string[])["Api:Writers:agent:none", "Api:Writers:agent:twin-b:0", "Api:WriterClaimType", "Api:MaxBodyBytes"])
            Assert.Contains(path, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Mapping_without_the_services_says_which_call_is_missing()
    {
        var empty = WebApplication.CreateSlimBuilder().Build();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddClosedLoop();
        var loopOnly = builder.Build();

        Assert.Contains("AddClosedLoop(", Assert.Throws<InvalidOperationException>(() => empty.MapClosedLoopWebhooks()).Message, StringComparison.Ordinal);
        Assert.Contains("AddClosedLoop(", Assert.Throws<InvalidOperationException>(() => empty.MapClosedLoopHealth()).Message, StringComparison.Ordinal);
        Assert.Contains("AddClosedLoopApi(", Assert.Throws<InvalidOperationException>(() => loopOnly.MapClosedLoopApi()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Writers_are_read_from_configuration_although_their_names_hold_colons()
    {
        string other = ClosedLoopToken.Hash("another-token-0123456789-0123456789");
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["ClosedLoop:Api:Writers:agent:builder-7"] = Hash,
            ["ClosedLoop:Api:Writers:person:ann:0"] = Hash,
            ["ClosedLoop:Api:Writers:person:ann:1"] = other,
            ["ClosedLoop:Api:Writers:agent:7"] = other,
            ["ClosedLoop:Api:WriterClaimType"] = "loop",
            ["ClosedLoop:Api:AllowAnonymousReads"] = "true",
            ["ClosedLoop:Api:MaxBodyBytes"] = "5000",
        }).Build();
        var services = new ServiceCollection();
        services.AddClosedLoopApi(configuration.GetSection("ClosedLoop:Api"));

        // Shared hashes would be refused by validation; this is about reading.
        services.RemoveAll<IValidateOptions<ClosedLoopApiOptions>>();
        var options = services.BuildServiceProvider().GetRequiredService<IOptions<ClosedLoopApiOptions>>().Value;

        Assert.Equal([Hash], options.Writers["agent:builder-7"]);
        Assert.Equal([Hash, other], options.Writers["person:ann"]);
        Assert.Equal([other], options.Writers["agent:7"]);
        Assert.Equal(3, options.Writers.Count);
        Assert.Equal(("loop", true, 5_000), (options.WriterClaimType, options.AllowAnonymousReads, options.MaxBodyBytes));
    }

    [Fact]
    public void Defaults_are_closed()
    {
        var options = new ClosedLoopApiOptions();

        Assert.False(options.AllowAnonymousReads);
        Assert.Null(options.WriterClaimType);
        Assert.Empty(options.Writers);
        Assert.Equal(262_144, options.MaxBodyBytes);
    }
}
