using ClosedLoop.Diagnostics;
using ClosedLoop.Facts;

namespace ClosedLoop.AspNetCore.Tests.Traces;

public sealed class DeployedToTests
{
    [Theory]
    [InlineData("environment:production", "production")]
    [InlineData("environment:production/web", "production")]
    [InlineData("environment:production@acme/web", "production")]
    [InlineData("deployment:staging/worker@1795331131.12884901888.3", "staging")]
    [InlineData("deployment:github/acme/web/17", null)]
    [InlineData("commit:acme/web@aaaa", null)]
    public void An_environment_is_known_from_its_own_key_and_from_its_history_and_never_guessed(string subject, string? environment) =>
        Assert.Equal(environment, DeployedTo.Environment(Key.Parse(subject)));

    [Fact]
    public void Without_evidence_no_environment_is_known() => Assert.Null(DeployedTo.Environment(null));
}
