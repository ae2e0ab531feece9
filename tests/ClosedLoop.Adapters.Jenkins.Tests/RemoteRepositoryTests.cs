namespace ClosedLoop.Adapters.Jenkins.Tests;

public sealed class RemoteRepositoryTests
{
    [Theory]
    [InlineData("https://github.com/acme/web.git", true)]
    [InlineData("https://github.com/Acme/Web", true)]
    [InlineData("https://ann:secret@git.example.org:8443/acme/web.git/", true)]
    [InlineData("git@github.com:acme/web.git", true)]
    [InlineData("ssh://git@git.example.org:7999/acme/web.git", true)]
    [InlineData("https://git.example.org/scm/acme/web.git", true)]
    [InlineData("acme/web", true)]
    [InlineData("https://github.com/otheracme/web.git", false)]
    [InlineData("https://github.com/acme/web-library.git", false)]
    [InlineData("https://github.com/acme/web/wiki", false)]
    [InlineData("https://acme/web", false)]
    [InlineData("https://github.com", false)]
    [InlineData("web", false)]
    [InlineData("", false)]
    public void A_remote_is_the_repository_when_its_path_ends_with_the_whole_name(string remote, bool matches) =>
        Assert.Equal(matches, RemoteRepository.Matches(remote, "acme/web"));
}
