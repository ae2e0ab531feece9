using ClosedLoop.Samples.Watcher;
using ClosedLoop.Testing.Sandbox;

namespace ClosedLoop.Samples.Tests.Watcher;

public sealed class WatcherArgumentsTests
{
    [Fact]
    public void No_argument_is_the_sandbox_until_stopped()
    {
        var arguments = Parse();

        Assert.Equal((WatcherMode.Sandbox, null, null), (arguments.Mode, arguments.For, arguments.StorePath));
    }

    [Fact]
    public void Each_form_is_read_with_its_options()
    {
        Assert.Equal((WatcherMode.Sandbox, TimeSpan.FromSeconds(20), "a.db"), Shape(Parse("--for", "20s", "--store", "a.db"), static a => (a.Mode, a.For!.Value, a.StorePath!)));
        Assert.Equal((WatcherMode.Git, ".", TimeSpan.FromDays(90), true), Shape(Parse("--git", ".", "--since=90d", "--json"), static a => (a.Mode, a.GitPath!, a.Since!.Value, a.Json)));
        Assert.Equal((WatcherMode.Config, "x.json", "http://127.0.0.1:5080"), Shape(Parse("--urls", "http://127.0.0.1:5080", "--config=x.json"), static a => (a.Mode, a.ConfigFile!, a.Urls!)));
        Assert.Equal(WatcherMode.Help, Parse("--git", ".", "-h").Mode);

        static T Shape<T>(WatcherArguments arguments, Func<WatcherArguments, T> shape) => shape(arguments);
    }

    [Theory]
    [InlineData("github", SandboxSourceHost.GitHub)]
    [InlineData("GitLab", SandboxSourceHost.GitLab)]
    [InlineData("gitea", SandboxSourceHost.Gitea)]
    public void A_host_is_named_in_any_case(string text, SandboxSourceHost host) => Assert.Equal(host, Parse("--host", text).Host);

    [Theory]
    [InlineData("20s", 20)]
    [InlineData("5m", 300)]
    [InlineData("2h", 7200)]
    [InlineData("90d", 7_776_000)]
    [InlineData("36500d", 3_153_600_000)]
    public void A_duration_is_a_number_and_a_unit(string text, long seconds)
    {
        Assert.True(WatcherArguments.TryParseDuration(text, out var duration));
        Assert.Equal(seconds, (long)duration.TotalSeconds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("d")]
    [InlineData("20")]
    [InlineData("0s")]
    [InlineData("-5m")]
    [InlineData("1.5h")]
    [InlineData("20 s")]
    [InlineData("20S")]
    [InlineData("2w")]
    [InlineData("36501d")]
    [InlineData("99999999999d")]
    public void Anything_else_is_no_duration(string text) => Assert.False(WatcherArguments.TryParseDuration(text, out _));

    [Theory]
    [InlineData("--git needs a value", "--git")]
    [InlineData("--git needs a value", "--git", "--json")]
    [InlineData("--git needs a value", "--git=")]
    [InlineData("There is no option --gti", "--gti", ".")]
    [InlineData("There is no option -x", "-x")]
    [InlineData("belongs to no option", "somewhere")]
    [InlineData("--host 1 is not played; write github, gitlab or gitea.", "--host", "1")]
    [InlineData("--host is for the sandbox alone", "--host", "gitlab", "--git", ".")]
    [InlineData("is given twice", "--git", ".", "--git", ".")]
    [InlineData("--json takes no value", "--git", ".", "--json=yes")]
    [InlineData("--since needs --git", "--since", "90d")]
    [InlineData("--json needs --git", "--json")]
    [InlineData("--git and --config do not go together", "--git", ".", "--config", "x")]
    [InlineData("--for and --git do not go together", "--git", ".", "--for", "20s")]
    [InlineData("--for and --config do not go together", "--config", "x", "--for", "20s")]
    [InlineData("--since 3x is no duration", "--git", ".", "--since", "3x")]
    [InlineData("--for soon is no duration", "--for", "soon")]
    public void A_mistake_is_named_with_its_fix(string message, params string[] args)
    {
        Assert.False(WatcherArguments.TryParse(args, out _, out string? error));
        Assert.Contains(message, error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_usage_names_every_option()
    {
        foreach (string option in (string[])["--for", "--git", "--since", "--json", "--config", "--urls", "--store", "--help"])
            Assert.Contains("\n  " + option, WatcherArguments.Usage, StringComparison.Ordinal);
    }

    private static WatcherArguments Parse(params string[] args)
    {
        Assert.True(WatcherArguments.TryParse(args, out var arguments, out string? error), error);
        return arguments;
    }
}
