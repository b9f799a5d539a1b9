using SeerMoe.Torch.Runtime;

namespace SeerMoe.Torch.Tests.Runtime;

public sealed class WhatTheSdkSaysTests
{
    [Fact]
    public void Is_told_by_its_errors_each_once_without_our_project() => Assert.Equal(
        "error NU1101: Unable to find package x. No packages exist with this id in source(s): only",
        BackendInstall.Gist("""
              Determining projects to restore...
            /home/me/.seer/backends/cpu/backend.csproj : error NU1101: Unable to find package x. No packages exist with this id in source(s): only
              Failed to restore /home/me/.seer/backends/cpu/backend.csproj (in 12 ms).
            /home/me/.seer/backends/cpu/backend.csproj : error NU1101: Unable to find package x. No packages exist with this id in source(s): only [/home/me/backend.csproj]
            """));

    [Fact]
    public void Is_told_whole_where_no_error_is_marked() =>
        Assert.Equal("the disk; is full", BackendInstall.Gist("the disk\n\n  is full\n"));
}
