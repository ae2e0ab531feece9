using System.Text;
using ClosedLoop.Migration;

namespace ClosedLoop.Tests.Migration;

public sealed class GitNamesTests
{
    [Theory]
    [InlineData("https://github.com/Acme/Web.git", "acme/web")]
    [InlineData("https://user:p4ss@git.example.com:8443/acme/web.git/", "acme/web")]
    [InlineData("https://token@git.example.com/group/sub/web?access_token=abc#x", "group/sub/web")]
    [InlineData("ssh://git@git.example.com:22/acme/web.git", "acme/web")]
    [InlineData("git@github.com:acme/web.git", "acme/web")]
    [InlineData("user:p4ss@git.example.com:acme/web", "acme/web")]
    [InlineData("host.example.com:web.git", "web")]
    [InlineData("https://git.example.com/acme/odd%20name%23x.git", "acme/odd-name-x")]
    [InlineData("file:///srv/git/web.git", null)]
    [InlineData("/srv/git/web.git", null)]
    [InlineData("./up:stream", null)]
    [InlineData("../web", null)]
    [InlineData("C:\\git\\web", null)]
    [InlineData("https://git.example.com/", null)]
    [InlineData("https://user:p4ss@bad host/acme/web", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void A_remote_gives_a_name_without_host_and_credentials(string? url, string? name) => Assert.Equal(name, RepositoryName.FromUrl(url));

    [Theory]
    [InlineData("/home/dev/Shop/.git", "local/shop")]
    [InlineData("/home/dev/shop.git", "local/shop")]
    [InlineData("/home/dev/my shop#2/.git/", "local/my-shop-2")]
    [InlineData("/", "local/clone")]
    public void A_folder_gives_a_local_name(string folder, string name) => Assert.Equal(name, RepositoryName.FromFolder(folder));

    [Theory]
    [InlineData("Add login (#12)", false, 12)]
    [InlineData("Add login (#12)  ", false, 12)]
    [InlineData("Revert \"Add login (#12)\" (#13)", false, 13)]
    [InlineData("Revert \"Add login (#12)\"", false, 0)]
    [InlineData("Add login #12", false, 0)]
    [InlineData("Add login (#)", false, 0)]
    [InlineData("Add login (#0)", false, 0)]
    [InlineData("Add login (#12a)", false, 0)]
    [InlineData("Add login (#-12)", false, 0)]
    [InlineData("Add login (#99999999999999999999)", false, 0)]
    [InlineData("(#1)", false, 1)]
    [InlineData("", false, 0)]
    [InlineData("Merge pull request #12 from acme/x", false, 0)]
    [InlineData("Merge pull request #12 from acme/x", true, 12)]
    [InlineData("Auto merge of #12 - acme:x, r=dev", true, 12)]
    [InlineData("Merged PR 12: Add login", true, 12)]
    [InlineData("Merged in x (pull request #12)", true, 12)]
    [InlineData("Merge branch 'x'", true, 0)]
    public void A_subject_names_a_pull_request(string subject, bool isMerge, long number) =>
        Assert.Equal(number, PullRequestMention.Find(Encoding.UTF8.GetBytes(subject), isMerge));
}
