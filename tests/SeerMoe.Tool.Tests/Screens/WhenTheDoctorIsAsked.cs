using SeerMoe.Tool.Diagnosis;
using SeerMoe.Tool.Output;

namespace SeerMoe.Tool.Tests.Screens;

public class WhenTheDoctorIsAsked
{
    [Fact]
    public void Its_findings_are_as_reviewed() => Screen.IsAsReviewed("doctor", DoctorText.Of(
    [
        Finding.Ok("tool", "SeerMoe.Tool 0.1.0, TorchSharp 0.107.0, made for libtorch 2.10.0"),
        new Finding("sdk", State.Note, ".NET 10.0.1, no SDK", "'backend install' needs the SDK: put dotnet on the PATH."),
        new Finding("backend", State.Missing, "cpu is not on this machine", "dotnet seer backend install cpu"),
        Finding.Ok("disk, here", "31.4 GiB free (/experiments)"),
    ]));
}
