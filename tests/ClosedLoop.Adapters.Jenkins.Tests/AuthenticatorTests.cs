using System.Text;

namespace ClosedLoop.Adapters.Jenkins.Tests;

public sealed class AuthenticatorTests
{
    private readonly IWebhookAuthenticator _authenticator = new JenkinsWebhookAuthenticator(Given.Token);

    [Theory]
    [InlineData("X-ClosedLoop-Token", Given.Token, "", true)]
    [InlineData("x-closedloop-token", Given.Token, "", true)]
    [InlineData("X-ClosedLoop-Token", "0123456789abcdef0123456789abcdeF", "", false)]
    [InlineData("X-ClosedLoop-Token", "0123456789abcdef", "", false)]
    [InlineData("X-ClosedLoop-Token", "", "token=" + Given.Token, false)]
    [InlineData("Accept", "*/*", "token=" + Given.Token, true)]
    [InlineData("Accept", "*/*", "a=b&token=0123456789abcdef0123456789abcde%66&c", true)]
    [InlineData("Accept", "*/*", "token=", false)]
    [InlineData("Accept", "*/*", "Token=" + Given.Token, false)]
    [InlineData("Accept", "*/*", "", false)]
    [InlineData("Accept", "*/*", null, false)]
    public void A_token_in_the_header_or_the_query_is_compared_whole(string header, string value, string? query, bool authentic) =>
        Assert.Equal(authentic, _authenticator.IsAuthentic(Delivery(header, value, query)));

    [Fact]
    public void The_password_of_basic_authentication_counts_as_the_token()
    {
        Assert.True(_authenticator.IsAuthentic(Delivery("Authorization", "Basic " + Base64("jenkins:" + Given.Token), "")));
        Assert.False(_authenticator.IsAuthentic(Delivery("Authorization", "Basic " + Base64(Given.Token), "")));
        Assert.False(_authenticator.IsAuthentic(Delivery("Authorization", "Basic !!!", "")));
        Assert.False(_authenticator.IsAuthentic(Delivery("Authorization", "Bearer " + Given.Token, "")));
    }

    [Fact]
    public void Absurd_input_is_refused_without_an_exception()
    {
        Assert.False(_authenticator.IsAuthentic(Delivery("X-ClosedLoop-Token", new string('x', 1_000_000), "")));
        Assert.False(_authenticator.IsAuthentic(Delivery("Authorization", "Basic " + new string('A', 1_000_000), "")));
        Assert.False(_authenticator.IsAuthentic(Delivery("Accept", "*/*", "token=%ZZ%ff%00&&&=&token")));
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private static WebhookDelivery Delivery(string header, string value, string? query) =>
        Given.Delivery("{}") with { Headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { [header] = value }, Query = query! };
}
