"""The page in Debian's Chromium, by Selenium: choose, drop, paste and draw pictures, with mouse, keyboard and a narrow window. Skipped without them.

PICTURES=DIR keeps pictures of the page.
"""

import importlib.util
import os
import pathlib
import shutil
import tempfile
import unittest

from server import Server, test_images
from test_server import png

IMAGES = test_images(4)


def can_drive():
    return importlib.util.find_spec("selenium") and shutil.which("chromium") and shutil.which("chromedriver")


@unittest.skipUnless(can_drive(), "there is no Selenium, Chromium or its driver")
class PageTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server("fast", "copy=fast")
        cls.folder = tempfile.TemporaryDirectory()
        cls.files = []
        for place, image in enumerate(IMAGES):
            path = pathlib.Path(cls.folder.name, f"picture {place}.png")
            path.write_bytes(png(image))
            cls.files.append(str(path))
        broken = pathlib.Path(cls.folder.name, "broken.png")
        broken.write_bytes(b"no picture")
        cls.broken = str(broken)

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()
        cls.folder.cleanup()

    def setUp(self):
        from selenium import webdriver
        options = webdriver.ChromeOptions()
        options.binary_location = shutil.which("chromium")
        for flag in ("--headless=new", "--no-sandbox", "--disable-gpu", "--window-size=1100,900"):
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        service = webdriver.ChromeService(shutil.which("chromedriver"))
        self.browser = webdriver.Chrome(options, service)
        self.addCleanup(self.browser.quit)
        self.browser.get(self.server.served["address"])
        self.wait(lambda: "28 × 28 pixels" in self.text("about"))

    def tearDown(self):
        problems = [line for line in self.browser.get_log("browser") if line["level"] in ("SEVERE", "WARNING")]
        self.assertEqual([line for line in problems if "422" not in line["message"]], [])

    def wait(self, condition):
        from selenium.webdriver.support.wait import WebDriverWait
        return WebDriverWait(self.browser, 20).until(lambda _: condition())

    def by_id(self, name):
        return self.browser.find_element("id", name)

    def text(self, name):
        return self.by_id(name).text

    def picture(self, name):
        if os.environ.get("PICTURES"):
            self.browser.get_screenshot_as_file(f"{os.environ['PICTURES']}/{name}.png")

    def choose(self, *files):
        self.by_id("files").send_keys("\n".join(files))

    def rows(self, table):
        return self.browser.find_elements("css selector", f"#{table} tbody tr")

    def test_chosen_pictures_are_answered_and_listed(self):
        self.picture("empty")
        self.choose(self.files[0])
        self.wait(lambda: "Ankle boot" in self.text("answer"))
        self.assertEqual(len(self.rows("bars")), 5)
        sources = [image.get_attribute("src")[:10] for image in self.browser.find_elements("css selector", "#pictures img")]
        self.assertEqual(sources, ["blob:http:", "data:image", "data:image"])
        self.assertFalse(self.by_id("many").is_displayed())
        self.picture("one")
        self.choose(*self.files[1:], self.broken)
        self.wait(lambda: len(self.rows("list")) == 5)
        self.assertIn("Pullover", self.text("answer"))
        self.assertIn("broken.png", self.rows("list")[4].text)
        # By keyboard.
        from selenium.webdriver.common.keys import Keys
        self.rows("list")[0].send_keys(Keys.ENTER)
        self.wait(lambda: "Ankle boot" in self.text("answer"))
        self.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": "dark"}]})
        self.picture("many-dark")
        link = self.browser.execute_script(
            "let made; const create = URL.createObjectURL; URL.createObjectURL = (blob) => { made = blob; return create(blob); };"
            "document.getElementById('csv').click(); return made.text();")
        lines = link.strip().split("\n")
        self.assertEqual(len(lines), 6)
        self.assertTrue(lines[1].startswith("picture 0.png,fast,Ankle boot,0.8"), lines[1])
        self.by_id("forget").click()
        self.assertFalse(self.by_id("result").is_displayed() or self.by_id("many").is_displayed())

    def test_dropped_and_pasted_pictures_are_answered(self):
        script = """
          const bytes = Uint8Array.from(atob(arguments[0]), (one) => one.charCodeAt(0));
          const data = new DataTransfer();
          data.items.add(new File([bytes], arguments[2], { type: "image/png" }));
          const options = { bubbles: true, cancelable: true };
          document.body.dispatchEvent(arguments[1] === "drop" ? new DragEvent("drop", { ...options, dataTransfer: data })
            : new ClipboardEvent("paste", { ...options, clipboardData: data }));
        """
        import base64
        for kind, image, label in (("drop", IMAGES[0], "Ankle boot"), ("paste", IMAGES[1], "Pullover")):
            self.browser.execute_script(script, base64.b64encode(png(image)).decode(), kind, f"<i>{kind}</i>")
            self.wait(lambda: label in self.text("answer"))
            self.assertIn(f"<i>{kind}</i>", self.text("pictures"))

    def test_a_drawing_is_answered_on_a_phone(self):
        from selenium.webdriver import ActionChains
        self.browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride",
                                     {"width": 380, "height": 800, "deviceScaleFactor": 2, "mobile": True})
        self.by_id("classify").click()
        self.assertIn("Draw something first", self.text("status"))
        canvas = self.by_id("canvas")
        self.browser.execute_script("arguments[0].scrollIntoView({block: 'center'})", canvas)
        # A shirt: a body and two arms.
        for points in ([(-40, -70), (40, -70), (40, 90), (-40, 90), (-40, -70), (40, 90)], [(-40, -60), (-90, 40)], [(40, -60), (90, 40)]):
            chain = ActionChains(self.browser, duration=20).move_to_element_with_offset(canvas, *points[0]).click_and_hold()
            for point in points[1:]:
                chain.move_to_element_with_offset(canvas, *point)
            chain.release().perform()
        self.by_id("classify").click()
        self.wait(lambda: "%" in self.text("answer"))
        width = self.browser.execute_script("return [document.documentElement.scrollWidth, window.innerWidth]")
        self.assertLessEqual(width[0], width[1])
        self.picture("phone")
        self.by_id("undo").click()
        self.by_id("clear").click()
        self.by_id("classify").click()
        self.assertIn("Draw something first", self.text("status"))


if __name__ == "__main__":
    unittest.main()
